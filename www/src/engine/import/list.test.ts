// @vitest-environment node
import { describe, expect, test } from "vitest";
import { Finder, readList } from "./list";
import { Refused } from "./refused";

const read = (text: string) => readList(new TextEncoder().encode(text));
const row = (file: string, label: string | null, split: string | null = null) => ({ file, label, split });

describe("a list", () => {
  test("with a heading, in whatever order and by whatever name", () => {
    expect(read("file,label\n1.jpg,cat\n")).toEqual([row("1.jpg", "cat")]);
    expect(read("split,Class Name,image_path\r\nVal,cat,a/1.jpg\r\n,dog,2.jpg")).toEqual([
      row("a/1.jpg", "cat", "validation"),
      row("2.jpg", "dog"),
    ]);
    expect(read("id,breed\n0a1b,boxer\n")).toEqual([row("0a1b", "boxer")]);
  });

  test("without one", () => {
    expect(read("1.jpg,cat\n2.jpg,dog,test\n")).toEqual([row("1.jpg", "cat"), row("2.jpg", "dog", "test")]);
  });

  test("with quotes, tabs, semicolons, blank lines and a byte order mark", () => {
    expect(read('\ufefffile,label\n"a, b.jpg","say ""cat"""\n\n')).toEqual([row("a, b.jpg", 'say "cat"')]);
    expect(read("file\tlabel\n1.jpg\tcat\n")).toEqual([row("1.jpg", "cat")]);
    expect(read("file;label\n1.jpg;cat\n")).toEqual([row("1.jpg", "cat")]);
  });

  test("a label that is missing is none", () => {
    expect(read("file,label\n1.jpg,\n2.jpg\n")).toEqual([row("1.jpg", null), row("2.jpg", null)]);
  });

  test("in UTF-16 and in what spreadsheets save in China and in the West", () => {
    const utf16 = Uint8Array.from([
      0xff,
      0xfe,
      ...[..."a.jpg,猫\n"].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]),
    ]);
    expect(readList(utf16)).toEqual([row("a.jpg", "猫")]);
    const gbk = Uint8Array.from([...new TextEncoder().encode("a.jpg,"), 0xb9, 0xb7]);
    expect(readList(gbk, "zh-CN")).toEqual([row("a.jpg", "狗")]);
    const latin = Uint8Array.from([...new TextEncoder().encode("a.jpg,"), 0x4b, 0xfc, 0x68]);
    expect(readList(latin, "de")).toEqual([row("a.jpg", "Küh")]);
  });

  test.each(["", "file,label\n", "only one column\nand another line\n", "a\0b,c\n"])("%j cannot be read", (text) => {
    expect(() => read(text)).toThrow(Refused);
  });
});

describe("what a list names is found", () => {
  const files = ["cats/1.jpg", "dogs/1.jpg", "dogs/2.jpg", "set/list/a.jpg"].map((path) => ({ path }));
  const finder = new Finder(files);
  const find = (named: string, list = "labels.csv") => finder.find(named, list)?.path ?? null;

  test("by its path from the list or from the top", () => {
    expect(find("cats/1.jpg")).toBe("cats/1.jpg");
    expect(find("1.jpg", "dogs/labels.csv")).toBe("dogs/1.jpg");
    expect(find("cats/1.jpg", "dogs/labels.csv")).toBe("cats/1.jpg");
    expect(find("list/a.jpg", "set/labels.csv")).toBe("set/list/a.jpg");
    expect(find("dogs\\2.jpg")).toBe("dogs/2.jpg");
  });

  test("by its name, with or without its end, where only one is called so", () => {
    expect(find("/home/me/dogs/2.jpg")).toBeNull();
    expect(find("elsewhere/2.jpg")).toBe("dogs/2.jpg");
    expect(find("2")).toBe("dogs/2.jpg");
    expect(find("elsewhere/1.jpg")).toBeNull();
    expect(find("../2.jpg")).toBeNull();
  });

  test("however its accents are encoded", () => {
    const accents = new Finder([{ path: "e\u0301.jpg" }]);
    expect(accents.find("\u00e9.jpg", "l.csv")).not.toBeNull();
  });
});
