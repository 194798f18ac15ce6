import { Blob as NodeBlob, File as NodeFile } from "node:buffer";
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { AlikeOptions, Features } from "../engine/photo-alike";

const engine = vi.hoisted(() => ({
  /** Which features a file gives; null for none. */
  features: (_onnx: Uint8Array) => ({ id: "lite0", dimension: 2 }) as Features | null,
  /** Photos that have been looked at, by the size of their files. */
  looked: [] as number[],
  holdsAfter: null as { count: number; until: Promise<void> } | null,
  rested: 0,
}));

vi.mock("../engine/infer", () => ({
  InferEngine: class {
    start() {}
    open = async () => ({ labels: ["cat", "cup"], takesDrawings: false });
    file = () => Uint8Array.of(1);
    predictPhoto = async () => ({ predictions: [], novelty: null, ms: 1, width: 4, height: 3, thumbnail: null });
  },
}));

/** A photo's features are its file's size, and 1: the nearer two sizes are, the more alike the photos. */
vi.mock("../engine/photo-alike", () => ({
  AlikeEngine: class {
    open = async (onnx: Uint8Array) => engine.features(onnx);
    async run(_onnx: Uint8Array, count: number, { signal, picture, onFeatures, onFailed }: AlikeOptions) {
      for (let index = 0; index < count; index += 1) {
        if (engine.holdsAfter?.count === index) await engine.holdsAfter.until;
        signal.throwIfAborted();
        const { size } = (await picture(index)) as Blob;
        engine.looked.push(size);
        if (size === 13) onFailed(index, Object.assign(new Error("Broken."), { code: "picture-unreadable" }) as never);
        else onFeatures(index, Float32Array.of(size, 1));
      }
    }
    async search(features: Float32Array, dimension: number, places: Uint32Array) {
      const size = (place: number) => features[place * dimension] ?? 0;
      const wanted = [...places].reduce((sum, place) => sum + size(place), 0) / places.length;
      const found = Array.from({ length: features.length / dimension }, (_, place) => place)
        .filter((place) => !places.includes(place))
        .sort((a, b) => Math.abs(size(a) - wanted) - Math.abs(size(b) - wanted));
      const similarities = found.map((place) => 1 - Math.abs(size(place) - wanted) / 100);
      return { places: Uint32Array.from(found), similarities: Float32Array.from(similarities) };
    }
    rest() {
      engine.rested += 1;
    }
  },
}));

const session = await import("./session");
const store = await import("./photos");
const alike = await import("./photo-alike");
const { toasts } = await import("./toasts");

vi.stubGlobal("Blob", NodeBlob);
vi.stubGlobal("fetch", async () => new Response(Uint8Array.of(7)));

const photo = (size: number) =>
  new NodeFile(["x".repeat(size)], `${size}.jpg`, { type: "image/jpeg" }) as unknown as File;
const named = (name: string) => store.photos.value.find((each) => each.name === name) as (typeof store.photos.value)[0];
const names = () => alike.alikePhotos.value?.results.map(({ photo: { name } }) => name);

beforeEach(async () => {
  alike.leaveAlike();
  store.clearPhotos();
  engine.features = () => ({ id: "lite0", dimension: 2 });
  engine.looked = [];
  engine.holdsAfter = null;
  toasts.value = [];
  await session.use("lite0");
  await store.restorePhotos();
  store.addPhotos([10, 40, 12, 20].map(photo));
});

describe("more like this", () => {
  test("the others come in the order of their likeness, and asking again looks at nothing anew", async () => {
    await alike.findAlikePhotos([named("12.jpg")]);
    expect(names()).toEqual(["10.jpg", "20.jpg", "40.jpg"]);
    expect(alike.alikePhotos.value?.results[0]?.similarity).toBeCloseTo(0.98, 5);
    expect(engine.looked).toHaveLength(4);
    await alike.findAlikePhotos([named("40.jpg")]);
    expect(names()).toEqual(["20.jpg", "12.jpg", "10.jpg"]);
    expect(engine.looked).toHaveLength(4);
    alike.closeAlike();
    expect(alike.alikeShown.value).toBe(false);
  });

  test("several that are chosen are asked for together, and are chosen no longer then", async () => {
    alike.toggleChosen(named("40.jpg"));
    alike.toggleChosen(named("12.jpg"));
    alike.toggleChosen(named("10.jpg"));
    alike.toggleChosen(named("12.jpg"));
    await alike.findAlikePhotos(alike.chosenPhotos.value);
    expect(names()).toEqual(["20.jpg", "12.jpg"]);
    expect(alike.chosenPhotos.value).toEqual([]);
  });

  test("a photo that cannot be read is left out and counted; nothing can be like it", async () => {
    store.addPhotos([photo(13)]);
    await alike.findAlikePhotos([named("12.jpg")]);
    expect(names()).not.toContain("13.jpg");
    expect(alike.alikePhotos.value?.unread).toBe(1);
    alike.closeAlike();
    await alike.findAlikePhotos([named("13.jpg")]);
    expect(alike.alikePhotos.value).toBeNull();
    expect(toasts.value.at(-1)).toMatchObject({ kind: "error" });
  });
});

test("a model without features leaves it to the shipped one, and is not asked twice", async () => {
  const asked: number[] = [];
  session.models.value = [
    ...session.models.value.filter(({ id }) => id !== "flat"),
    { id: "flat", name: "flat", origin: "opened", bytes: 1, onnx: Uint8Array.of(9) },
  ];
  await session.use("flat");
  engine.features = ([first = 0]) => {
    asked.push(first);
    return first === 9 ? null : { id: "lite0", dimension: 2 };
  };
  await alike.findAlikePhotos([named("12.jpg")]);
  expect(alike.alikePhotos.value?.model.id).toBe("lite0");
  await alike.findAlikePhotos([named("10.jpg")]);
  expect(asked).toEqual([9, 7, 7]);
});

describe("the photos are in their usual order again", () => {
  test("when it is cancelled: what was looked at by then is known the next time", async () => {
    let go = () => {};
    engine.holdsAfter = { count: 2, until: new Promise((resolve) => (go = resolve)) };
    const finding = alike.findAlikePhotos([named("12.jpg")]);
    await vi.waitUntil(() => alike.seekingAlike.value?.done === 2);
    expect(alike.seekingAlike.value?.total).toBe(4);
    alike.cancelAlike();
    expect(alike.alikeShown.value).toBe(false);
    go();
    await finding;
    expect(alike.alikePhotos.value).toBeNull();
    engine.holdsAfter = null;
    await alike.findAlikePhotos([named("12.jpg")]);
    expect(names()).toHaveLength(3);
    expect(engine.looked).toHaveLength(4);
  });

  test("when photos come or go, another model is chosen, or the page is left", async () => {
    const shown = async () => {
      await alike.findAlikePhotos([named("12.jpg")]);
      expect(alike.alikeShown.value).toBe(true);
    };
    await shown();
    store.addPhotos([photo(30)]);
    expect(alike.alikeShown.value).toBe(false);
    await shown();
    await session.use("lite2");
    expect(alike.alikeShown.value).toBe(false);
    await shown();
    const { rested } = engine;
    alike.leaveAlike();
    expect(alike.alikeShown.value).toBe(false);
    expect(engine.rested).toBe(rested + 1);
    alike.toggleChosen(named("12.jpg"));
    store.clearPhotos();
    expect(alike.chosenPhotos.value).toEqual([]);
  });
});
