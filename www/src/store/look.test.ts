import { beforeEach, expect, test, vi } from "vitest";

vi.mock("./run", async () => {
  const { signal } = await import("@preact/signals");
  return { hasNet: signal(false) };
});

const { hasNet } = (await import("./run")) as unknown as { hasNet: { value: boolean } };
const { lookedDrawing, lookedFrom, lookedImage, lookInto, subject } = await import("./look");
const { handDrawing, padDrawing } = await import("./drawings");

const image = {
  split: "test" as const,
  index: 7,
  label: 4,
  name: "4",
  pixels: new Uint8Array(784),
  height: 28,
  width: 28,
};

beforeEach(() => {
  hasNet.value = false;
  handDrawing.clear();
  padDrawing.clear();
  lookedImage.value = null;
  lookInto("session", handDrawing);
});

test("from the train pad, the pad's own drawing is looked at", () => {
  handDrawing.begin({ x: 0.1, y: 0.1 });
  padDrawing.begin({ x: 0.9, y: 0.9 });
  hasNet.value = true;
  lookInto("training", padDrawing);
  expect(lookedDrawing.value).toBe(padDrawing);
  expect(subject.value).toBe("training");
});

test("from a test image, that very image; from a drawing after it, the drawing", () => {
  lookInto("session", image);
  expect(lookedImage.value).toBe(image);
  handDrawing.begin({ x: 0.1, y: 0.1 });
  lookInto("session", handDrawing);
  expect(lookedImage.value).toBeNull();
  expect(lookedDrawing.value).toBe(handDrawing);
});

test("from a photo, that photo, and the way back to where it came from", () => {
  const photo = { name: "cat.jpg", file: new Blob() };
  location.hash = "#/photos";
  dispatchEvent(new Event("hashchange"));
  lookInto("session", photo);
  expect(lookedImage.value).toBe(photo);
  expect(lookedFrom.value).toBe("photos");
});

test("a blank drawing takes no image's place", () => {
  lookInto("session", image);
  lookInto("session", handDrawing);
  expect(lookedImage.value).toBe(image);
});

test("another network is looked into with the same image", () => {
  lookInto("session", image);
  lookInto("training");
  expect(lookedImage.value).toBe(image);
});

test("a training that is gone gives way to the session's network", () => {
  hasNet.value = true;
  lookInto("training", padDrawing);
  hasNet.value = false;
  expect(subject.value).toBe("session");
});
