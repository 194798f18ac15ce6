/** Lists of files and their labels, as spreadsheets and other tools write them. */
import Papa from "papaparse";
import type { Split } from "../library/records";
import { baseName, folderOf, safePath, splitNamed } from "./paths";
import { Refused } from "./refused";

export interface ListRow {
  /** As the list has it. */
  file: string;
  /** The class's name; null for none. */
  label: string | null;
  /** null where the list leaves it open. */
  split: Split | null;
}

const FILE_NAMES = [
  "file",
  "filename",
  "filepath",
  "image",
  "imagename",
  "imagepath",
  "img",
  "path",
  "picture",
  "photo",
];
const LABEL_NAMES = ["label", "class", "classname", "labelname", "category", "target", "species", "breed", "y"];
const SPLIT_NAMES = ["split", "set", "subset", "dataset", "partition", "usage"];

/**
 * @param first Of the languages that the person reads: it says in which encoding a spreadsheet may have saved it.
 * @throws Refused `csv-broken`
 */
export function readList(bytes: Uint8Array, first = "en"): ListRow[] {
  const text = textOf(bytes, first);
  if (text.includes("\0")) throw new Refused("csv-broken");
  const { data: rows } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" });
  const [head] = rows;
  if (!head || head.length < 2) throw new Refused("csv-broken");
  const named = columnsOf(head);
  const { file, label, split } = named ?? { file: 0, label: 1, split: 2 };
  const read = rows.slice(named ? 1 : 0).map((cells) => ({
    file: cells[file]?.trim() ?? "",
    label: cells[label]?.trim() || null,
    split: splitNamed(cells[split] ?? ""),
  }));
  const sound = read.filter((row) => row.file !== "");
  if (sound.length === 0) throw new Refused("csv-broken");
  return sound;
}

interface Columns {
  file: number;
  label: number;
  /** −1 where there is none. */
  split: number;
}

/** null where the first row is no heading. */
function columnsOf(head: readonly string[]): Columns | null {
  const plain = head.map((cell) => cell.toLowerCase().replace(/[^a-z]/g, ""));
  const find = (names: readonly string[], not = -1) => plain.findIndex((cell, i) => i !== not && names.includes(cell));
  let file = find(FILE_NAMES);
  const label = find(LABEL_NAMES, file);
  // Kaggle's: the name of the file without its end.
  if (file < 0 && label >= 0) file = find(["id", "imageid", "name"], label);
  return file >= 0 && label >= 0 ? { file, label, split: find(SPLIT_NAMES) } : null;
}

/** In UTF-8 or UTF-16 as it says itself, otherwise as spreadsheets save in that language. */
function textOf(bytes: Uint8Array, first: string): string {
  const [one, two] = bytes;
  if (one === 0xff && two === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (one === 0xfe && two === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(first.startsWith("zh") ? "gb18030" : "windows-1252").decode(bytes);
  }
}

/** Finds the files that lists name. */
export class Finder<T extends { path: string }> {
  #byPath = new Map<string, T>();
  /** null where several are called so. */
  #byName = new Map<string, T | null>();
  #byStem = new Map<string, T | null>();

  constructor(files: Iterable<T>) {
    for (const file of files) {
      const path = file.path.normalize();
      const name = baseName(path);
      if (!this.#byPath.has(path)) this.#byPath.set(path, file);
      this.#byName.set(name, this.#byName.has(name) ? null : file);
      const stem = stemOf(name);
      this.#byStem.set(stem, this.#byStem.has(stem) ? null : file);
    }
  }

  /** By its path from the list, from the top, or from a folder in between, or by its name alone where that says which. */
  find(named: string, list: string): T | null {
    const path = safePath(named.normalize());
    if (path === null) return null;
    for (let folder = folderOf(list.normalize()); ; folder = folderOf(folder.slice(0, -1))) {
      const found = this.#byPath.get(folder + path);
      if (found) return found;
      if (folder === "") break;
    }
    const name = baseName(path);
    return this.#byName.get(name) ?? this.#byStem.get(name) ?? null;
  }
}

function stemOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}
