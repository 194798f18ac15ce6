// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sniff, statedSize } from "./kinds";
import { idx, png, zipped } from "./testing/files";

const text = (value: string) => new TextEncoder().encode(value);
const photo = (path: string) => new Uint8Array(readFileSync(new URL(`../../../../${path}`, import.meta.url)));

describe("a file is known by its first bytes", () => {
  test("pictures by their kind", async () => {
    expect(sniff(photo("www/public/samples/chelsea.jpg"))).toEqual({ kind: "picture", type: "image/jpeg" });
    expect(sniff(await png(1))).toEqual({ kind: "picture", type: "image/png" });
    expect(sniff(text("GIF89a\x01\0\x01\0"))).toEqual({ kind: "picture", type: "image/gif" });
    expect(sniff(text("\0\0\0\x18ftypheic"))).toEqual({ kind: "picture", type: "image/heic" });
    expect(sniff(text("\0\0\0\x1cftypavif"))).toEqual({ kind: "picture", type: "image/avif" });
  });

  test("archives, IDX, drawings and lists", async () => {
    const zip = new Uint8Array(await (await zipped({ a: "b" })).arrayBuffer());
    expect(sniff(zip).kind).toBe("zip");
    expect(sniff(idx([1], new Uint8Array(1))).kind).toBe("idx");
    expect(sniff(text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">')).kind).toBe("svg");
    expect(sniff(text("file,label\n")).kind).toBe("text");
    expect(sniff(text("BMW is a text")).kind).toBe("text");
    expect(sniff(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0)).kind).toBe("other");
    expect(sniff(new Uint8Array()).kind).toBe("other");
  });
});

describe("the size that a file states", () => {
  test("of each kind", async () => {
    expect(statedSize(photo("www/public/samples/chelsea.jpg"), "image/jpeg")).toEqual([451, 300]);
    expect(statedSize(await png(1, 9), "image/png")).toEqual([9, 9]);
    expect(statedSize(text("GIF89a\x05\0\x07\0"), "image/gif")).toEqual([5, 7]);
  });

  test("of a file that ends before it is unknown", () => {
    expect(statedSize(photo("www/public/samples/chelsea.jpg").subarray(0, 100), "image/jpeg")).toBeNull();
    expect(statedSize(text("\x89PNG\r\n\x1a\n"), "image/png")).toBeNull();
    expect(statedSize(text("\xff\xd8\xff\xc0\0\0"), "image/jpeg")).toBeNull();
  });
});
