import { expect, test } from "vitest";
import { pathOf } from "../engine/file-path";
import { filesOf } from "./dropped-files";

/** As browsers give them: a folder hands out its entries once, then none. */
function folder(path: string, entries: object[]) {
  const batches = [entries, []];
  return {
    isDirectory: true,
    name: path.split("/").at(-1),
    fullPath: path,
    createReader: () => ({ readEntries: (take: (some: object[]) => void) => take(batches.shift() ?? []) }),
  };
}

function picture(path: string) {
  const name = path.split("/").at(-1) ?? "";
  return {
    isDirectory: false,
    name,
    fullPath: path,
    file: (take: (file: File) => void) => take(new File(["x"], name, { type: "image/jpeg" })),
  };
}

test("of a folder that is dropped every picture keeps where it lay", async () => {
  const dropped = folder("/trip", [
    folder("/trip/monday", [picture("/trip/monday/cup.jpg")]),
    folder("/trip/tuesday", [picture("/trip/tuesday/cup.jpg")]),
  ]);
  const item = { kind: "file", webkitGetAsEntry: () => dropped, getAsFile: () => null };
  const files = await filesOf({ items: [item] } as unknown as DataTransfer);
  expect(files.map(({ name }) => name)).toEqual(["cup.jpg", "cup.jpg"]);
  expect(files.map(pathOf)).toEqual(["trip/monday/cup.jpg", "trip/tuesday/cup.jpg"]);
});

test("a file that comes alone lies at its name", () => {
  expect(pathOf(new File(["x"], "cup.jpg"))).toBe("cup.jpg");
});
