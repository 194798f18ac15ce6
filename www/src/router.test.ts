import { beforeEach, describe, expect, test, vi } from "vitest";
import { routeOf } from "./router";

describe("an address goes where it means", () => {
  test.each([
    ["", "draw"],
    ["#", "draw"],
    ["#/", "draw"],
    ["#/draw", "draw"],
    ["#/Train", "train"],
    ["#/TRAIN", "train"],
    ["#/photos/", "photos"],
    ["#photos", "photos"],
    ["#//camera//", "camera"],
    ["#!/test", "test"],
    ["#/test?model=digits", "test"],
    ["#/train/?", "train"],
    ["#/%74rain", "train"],
    ["#/data", "data"],
    ["#/layers", "layers"],
    ["#/look-inside", "layers"],
    ["#/model?id=lite2", "model"],
  ])("%s", (address, route) => expect(routeOf(address)).toBe(route));
});

describe("one slip of the finger is understood", () => {
  test.each([
    ["#/trian", "train"],
    ["#/photo", "photos"],
    ["#/phottos", "photos"],
    ["#/camera1", "camera"],
    ["#/tesr", "test"],
    ["#/rdaw", "draw"],
    ["#/models", "model"],
  ])("%s", (address, route) => expect(routeOf(address)).toBe(route));
});

test.each(["#/modules", "#/train/1", "#/constructor", "#/tr", "#/%", "#/照片", "#/teach"])(
  "%s is no page",
  (address) => {
    expect(routeOf(address)).toBeNull();
  },
);

describe("as a person goes about", () => {
  let router: typeof import("./router");

  async function goTo(hash: string): Promise<void> {
    location.hash = hash;
    dispatchEvent(new Event("hashchange"));
  }

  beforeEach(async () => {
    vi.resetModules();
    location.hash = "#/Train/?epochs=2";
    router = await import("./router");
  });

  test("a page's own address takes the place of another for it, and the query stays", async () => {
    expect(router.route.value).toBe("train");
    expect(location.hash).toBe("#/train?epochs=2");
    await goTo("#/photos/");
    expect(router.route.value).toBe("photos");
    expect(location.hash).toBe("#/photos");
  });

  test("a model's own page says which, whatever its id has in it", async () => {
    await goTo(router.modelAddress("own-7 & more"));
    expect(router.route.value).toBe("model");
    expect(router.query.value.get("id")).toBe("own-7 & more");
    await goTo("#/model");
    expect(router.query.value.get("id")).toBeNull();
  });

  test("an address that is no page is kept, and said as it was typed", async () => {
    await goTo("#/all%20models/");
    expect(router.route.value).toBe("unknown");
    expect(router.asked.value).toBe("all models");
    expect(location.hash).toBe("#/all%20models/");
  });
});
