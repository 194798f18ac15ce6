import { computed, signal } from "@preact/signals";

const routes = ["draw", "photos", "camera", "data", "train", "test", "layers", "model"] as const;

export type Route = (typeof routes)[number];

/** What a page calls itself where its address does not. */
const OTHER_NAMES: Record<string, Route> = { lookinside: "layers" };

const hash = signal(location.hash);

addEventListener("hashchange", () => {
  hash.value = location.hash;
  correct();
});
correct();

/** What `#/…` names; `unknown` where that is no page. */
export const route = computed<Route | "unknown">(() => routeOf(hash.value) ?? "unknown");
/** What an address says after `?`. */
export const query = computed(() => new URLSearchParams(/\?([^#]*)/.exec(hash.value)?.[1] ?? ""));
/** What stands after `#/`, to be shown to a person. */
export const asked = computed(() => pathOf(hash.value));

export function go(to: Route): void {
  location.hash = address(to);
}

export function address(to: Route): string {
  return to === "draw" ? "#/" : `#/${to}`;
}

/** Of a model's own page. */
export function modelAddress(id: string): string {
  return `${address("model")}?id=${encodeURIComponent(id)}`;
}

/** The page that an address means, whatever its case, slashes and query, and with one slip of the finger. */
export function routeOf(address: string): Route | null {
  const word = pathOf(address)
    .toLowerCase()
    .replace(/[-_\s]/g, "");
  if (word === "") return "draw";
  const exact = routes.find((name) => name === word) ?? (Object.hasOwn(OTHER_NAMES, word) && OTHER_NAMES[word]);
  if (exact) return exact;
  const near = routes.filter((name) => isOneSlipFrom(name, word));
  return near.length === 1 ? (near[0] ?? null) : null;
}

function pathOf(address: string): string {
  const path = address.replace(/^#!?/, "").replace(/[?&#].*$/, "");
  return decoded(path)
    .trim()
    .replace(/^\/+|\/+$/g, "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that begins no sign.
    return text;
  }
}

/** Whether one letter too many, too few or wrong, or two letters that changed places, make one word the other. */
function isOneSlipFrom(name: string, word: string): boolean {
  let start = 0;
  while (start < name.length && name[start] === word[start]) start += 1;
  const [a, b] = [name.slice(start), word.slice(start)];
  const swapped = a.slice(0, 2) === [...b.slice(0, 2)].reverse().join("") && a.slice(2) === b.slice(2);
  return swapped || a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1);
}

/** So that the address bar, and whoever copies from it, has the page's own address. */
function correct(): void {
  const named = routeOf(location.hash);
  const [path = "", query = ""] = location.hash.split(/(?=\?)/);
  if (!named || path === "" || path === address(named) || path === `#/${named}`) return;
  history.replaceState(history.state, "", address(named) + query);
}
