import { beforeEach, expect, test, vi } from "vitest";

const store = vi.hoisted(() => ({ cancelled: { value: false }, takesPhotos: { value: true }, waiting: { value: 0 } }));
const session = vi.hoisted(() => ({ modelState: { value: "ready" } }));
vi.mock("../../store/photos", () => store);
vi.mock("../../store/session", () => session);

/** Read anew: what it depends on is no signal here. */
async function next(): Promise<string> {
  vi.resetModules();
  return (await import("./next-step")).nextStep.value;
}

beforeEach(() => {
  store.cancelled.value = false;
  store.takesPhotos.value = true;
  store.waiting.value = 0;
  session.modelState.value = "ready";
});

test("photos are chosen first, and while the network is on its way", async () => {
  expect(await next()).toBe("choose");
  session.modelState.value = "loading";
  store.takesPhotos.value = false;
  expect(await next()).toBe("choose");
});

test("a network that is not for photos is changed first", async () => {
  store.takesPhotos.value = false;
  expect(await next()).toBe("suit");
});

test("what was cancelled goes on, as long as any photo waits", async () => {
  store.cancelled.value = true;
  expect(await next()).toBe("choose");
  store.waiting.value = 3;
  store.takesPhotos.value = false;
  expect(await next()).toBe("resume");
});
