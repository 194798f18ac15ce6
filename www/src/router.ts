import { computed, signal } from "@preact/signals";

export type Route = "draw" | "photos" | "camera" | "train" | "test" | "layers";

const routes: Record<string, Route> = {
  "": "draw",
  draw: "draw",
  photos: "photos",
  camera: "camera",
  train: "train",
  test: "test",
  layers: "layers",
};
const hash = signal(location.hash);

addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** What `#/…` names; Draw where it names nothing the page knows. */
export const route = computed<Route>(() => routes[hash.value.replace(/^#\/?/, "")] ?? "draw");

export function go(to: Route): void {
  location.hash = address(to);
}

export function address(to: Route): string {
  return to === "draw" ? "#/" : `#/${to}`;
}
