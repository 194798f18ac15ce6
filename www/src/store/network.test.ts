import { beforeEach, expect, test, vi } from "vitest";

/** Choices as earlier versions of the page have kept them. */
const KEPT = {
  own: '{"preset":"digits","own":{"name":"mine","layers":[{"kind":"conv","filters":8,"kernel":3,"stride":1,"padding":1},{"kind":"flatten"},{"kind":"dense","units":10}]}}',
  preset: '{"preset":"depthwise","own":null}',
};

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
});

async function chosen(kept?: string) {
  if (kept !== undefined) localStorage.setItem("hearth.network", kept);
  const { own, presetId } = await import("./network");
  return { preset: presetId.value, own: own.value };
}

test("what earlier versions have kept is still chosen", async () => {
  expect(await chosen(KEPT.own)).toEqual(JSON.parse(KEPT.own));
  vi.resetModules();
  expect(await chosen(KEPT.preset)).toEqual(JSON.parse(KEPT.preset));
});

test("what a later version has added does not stand in the way", async () => {
  const later = { ...JSON.parse(KEPT.own), theme: "dark" };
  expect(await chosen(JSON.stringify(later))).toEqual(JSON.parse(KEPT.own));
});

test("what cannot be read is the network to begin with", async () => {
  for (const kept of [undefined, "", "null", "{", "[]", '{"preset":"gone","own":null}']) {
    vi.resetModules();
    localStorage.clear();
    expect(await chosen(kept)).toEqual({ preset: "classic", own: null });
  }
});
