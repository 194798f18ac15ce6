// @vitest-environment node
import { crc32, deflateRawSync } from "node:zlib";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openArchive } from "./archive";
import { Refused } from "./refused";
import { noise, zipped } from "./testing/files";

const { signal } = new AbortController();
const MOST = 1e9;

beforeEach(() => {
  vi.stubGlobal("navigator", { language: "en" });
});

const open = (zip: Blob) => openArchive(zip, "pets.zip", signal);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error) => (error instanceof Refused ? error.code : String(error)),
  );

interface Entry {
  name: string | Uint8Array;
  content: Uint8Array;
  deflated?: boolean;
  /** What it says of its size. */
  stated?: number;
  flags?: number;
}

/** A zip of any entries, sound or not. */
function raw(entries: readonly Entry[]): Blob {
  const locals: Uint8Array<ArrayBuffer>[] = [];
  const central: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { name, content, deflated = false, stated = content.length, flags = 0x800 } of entries) {
    const bytes = typeof name === "string" ? new TextEncoder().encode(name) : name;
    const data = deflated ? deflateRawSync(content) : content;
    const fields = (view: DataView, at: number) => {
      view.setUint16(at, 20, true);
      view.setUint16(at + 2, flags, true);
      view.setUint16(at + 4, deflated ? 8 : 0, true);
      view.setUint32(at + 10, crc32(content), true);
      view.setUint32(at + 14, data.length, true);
      view.setUint32(at + 18, stated, true);
      view.setUint16(at + 22, bytes.length, true);
    };
    const local = new Uint8Array(30 + bytes.length + data.length);
    const head = new DataView(local.buffer);
    head.setUint32(0, 0x04034b50, true);
    fields(head, 4);
    local.set(bytes, 30);
    local.set(data, 30 + bytes.length);
    const record = new Uint8Array(46 + bytes.length);
    const listed = new DataView(record.buffer);
    listed.setUint32(0, 0x02014b50, true);
    fields(listed, 6);
    listed.setUint32(42, offset, true);
    record.set(bytes, 46);
    offset += local.length;
    locals.push(local);
    central.push(record);
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, entries.length, true);
  view.setUint16(10, entries.length, true);
  view.setUint32(
    12,
    central.reduce((sum, { length }) => sum + length, 0),
    true,
  );
  view.setUint32(16, offset, true);
  return new Blob([...locals, ...central, end]);
}

describe("an archive", () => {
  test("gives its files as they were, without folders and rubbish", async () => {
    const zip = await zipped({
      "cats/1.jpg": noise(1, 100_000),
      "__MACOSX/._1.jpg": "x",
      ".DS_Store": "x",
      "a.csv": "b",
    });
    const { sources, refused } = await open(zip);
    expect(sources.map(({ path, shown, bytes }) => [path, shown, bytes])).toEqual([
      ["cats/1.jpg", "pets.zip/cats/1.jpg", 100_000],
      ["a.csv", "pets.zip/a.csv", 1],
    ]);
    expect(refused).toEqual([]);
    expect(await sources[0]?.read(MOST, signal)).toEqual(noise(1, 100_000));
    expect(await (await sources[1]?.blob(MOST, signal))?.text()).toBe("b");
  });

  test("gives large files that are stored without unpacking them", async () => {
    const large = noise(1, 17_000_000);
    const { sources } = await open(await zipped({ "a.zip": large, b: "c" }, { level: 0 }));
    const blob = await sources[0]?.blob(MOST, signal);
    expect(Buffer.from((await blob?.arrayBuffer()) ?? new ArrayBuffer()).equals(large)).toBe(true);
  });

  test("in Zip64 is read too", async () => {
    const { sources } = await open(await zipped({ "1.jpg": "abc" }, { zip64: true }));
    expect(await sources[0]?.read(MOST, signal)).toEqual(new TextEncoder().encode("abc"));
  });

  test("has names in UTF-8 whether it says so or not, and in what Windows writes in China", async () => {
    const content = noise(1, 3);
    const mac = await open(raw([{ name: new TextEncoder().encode("猫/1.jpg"), content, flags: 0 }]));
    expect(mac.sources[0]?.path).toBe("猫/1.jpg");
    vi.stubGlobal("navigator", { language: "zh-CN" });
    const windows = await open(raw([{ name: Uint8Array.of(0xb9, 0xb7, 0x2f, 0x31), content, flags: 0 }]));
    expect(windows.sources[0]?.path).toBe("狗/1");
  });

  test.each(["../1.jpg", "a/../../1.jpg", "/1.jpg", "..\\1.jpg", "C:\\1.jpg", "a\0.jpg"])(
    "with a file called %j keeps that out, and the others come in",
    async (name) => {
      const content = noise(1, 3);
      const { sources, refused } = await open(
        raw([
          { name, content },
          { name: "2.jpg", content },
        ]),
      );
      expect(refused).toEqual([{ path: `pets.zip/${name}`, code: "unsafe-name" }]);
      expect(sources.map(({ path }) => path)).toEqual(["2.jpg"]);
    },
  );

  test("that is none, or cut, is broken", async () => {
    const zip = await zipped({ "1.jpg": noise(1, 1000), "2.jpg": noise(2, 1000) });
    expect(await codeOf(open(new Blob(["no zip at all"])))).toBe("zip-broken");
    expect(await codeOf(open(zip.slice(0, 1500)))).toBe("zip-broken");
  });

  test("that is encrypted says so; of one that is in part the rest comes in", async () => {
    const secret = await zipped({ "1.jpg": "abc" }, { password: "x" });
    expect(await codeOf(open(secret))).toBe("zip-encrypted");
    const content = noise(1, 3);
    const { sources, refused } = await open(
      raw([
        { name: "1.jpg", content, flags: 1 },
        { name: "2.jpg", content },
      ]),
    );
    expect(refused).toEqual([{ path: "pets.zip/1.jpg", code: "zip-encrypted" }]);
    expect(sources).toHaveLength(1);
  });

  test("with a file that was damaged says so when its turn comes", async () => {
    const content = noise(1, 1000);
    const zip = new Uint8Array(
      await raw([
        { name: "1.jpg", content },
        { name: "2.jpg", content },
      ]).arrayBuffer(),
    );
    zip[500] = (zip[500] ?? 0) ^ 1;
    const { sources } = await open(new Blob([zip]));
    const read = (place: number) => sources[place]?.read(MOST, signal) ?? Promise.reject();
    expect(await codeOf(read(0))).toBe("zip-broken");
    expect(await read(1)).toEqual(content);
  });
});

describe("a bomb", () => {
  test("that says what it is is not opened", async () => {
    const content = new Uint8Array(100_000);
    const entry = { name: "1.bmp", content, deflated: true, stated: 4_000_000_000 };
    expect(await codeOf(open(raw([entry])))).toBe("zip-bomb");
  });

  test("of many files that are each harmless is not opened either", async () => {
    const content = new Uint8Array(100_000);
    const entries = Array.from({ length: 40 }, (_, i) => ({
      name: `${i}.bmp`,
      content,
      deflated: true,
      stated: 60_000_000,
    }));
    expect(await codeOf(open(raw(entries)))).toBe("zip-bomb");
  });

  test("that claims to be small is stopped when it has given what it said", async () => {
    const bomb = { name: "1.bmp", content: new Uint8Array(50_000_000), deflated: true, stated: 1000 };
    const { sources } = await open(raw([bomb]));
    const before = process.memoryUsage().arrayBuffers;
    expect(await codeOf(sources[0]?.read(MOST, signal) ?? Promise.reject())).toBe("zip-bomb");
    expect(await codeOf(sources[0]?.blob(MOST, signal) ?? Promise.reject())).toBe("zip-bomb");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });

  test("of one file among others is refused alone", async () => {
    const bomb = { name: "1.bmp", content: new Uint8Array(100_000_000), deflated: true };
    const { sources } = await open(raw([bomb, { name: "2.jpg", content: noise(1, 3) }]));
    expect(await codeOf(sources[0]?.read(MOST, signal) ?? Promise.reject())).toBe("zip-bomb");
    expect(await sources[1]?.read(MOST, signal)).toEqual(noise(1, 3));
  });

  test("too large for what it should be is refused before it is unpacked", async () => {
    const { sources } = await open(raw([{ name: "1.jpg", content: noise(1, 2000) }]));
    expect(await codeOf(sources[0]?.read(1000, signal) ?? Promise.reject())).toBe("too-large");
  });
});

test("a person who ends it is heard at once", async () => {
  const abort = new AbortController();
  const { sources } = await open(await zipped({ "1.jpg": noise(1, 1_000_000) }));
  abort.abort(new Error("enough"));
  await expect(sources[0]?.read(MOST, abort.signal)).rejects.toThrow("enough");
});
