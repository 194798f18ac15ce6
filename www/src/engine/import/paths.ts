/** What the folders that pictures lie in say of them. */
import type { Split } from "../library/records";

/** With `/` between its parts and nothing else in it; null where it leads out of its folder, is absolute, or hides. */
export function safePath(path: string): string | null {
  const plain = path.replaceAll("\\", "/");
  if (plain.startsWith("/") || /^[a-z]:\//i.test(plain)) return null;
  if ([...plain].some((char) => char < " " || char === "\x7f")) return null;
  const parts = plain.split("/").filter((part) => part !== "" && part !== ".");
  return parts.length === 0 || parts.includes("..") ? null : parts.join("/");
}

const RUBBISH = /(^|\/)(\.[^/]*|__MACOSX|@eaDir|Thumbs\.db|ehthumbs\.db|desktop\.ini)(\/|$)/i;

/** What systems leave in folders and nobody has put there. */
export function isRubbish(path: string): boolean {
  // `./` and `../` are no names.
  return RUBBISH.test(path.replaceAll("\\", "/").replace(/(^|\/)\.{1,2}(?=\/)/g, "$1"));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder, with the `/` at its end; empty where there is none. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

const SPLIT_NAMES: Readonly<Record<string, Split>> = {
  train: "train",
  training: "train",
  validation: "validation",
  valid: "validation",
  val: "validation",
  dev: "validation",
  test: "test",
  testing: "test",
};

/** What a folder or a cell of a list means; null where that is no split. */
export function splitNamed(name: string): Split | null {
  return SPLIT_NAMES[name.trim().toLowerCase()] ?? null;
}

const UNLABELLED = /^unlabell?ed$/i;
/** Folders that say what is in them, but not what is on it. */
const PLAIN = /^(images?|imgs?|photos?|pictures?|pics|data|dataset|dcim|camera|downloads?)$/i;

export interface Placed {
  /** The class's name; null for none. */
  label: string | null;
  /** null where the folders leave it open. */
  split: Split | null;
}

/**
 * Reads folders of class folders: `cats/1.jpg`, `train/cats/1.jpg`. A folder that everything lies in is left out. Of
 * folders within a class folder nothing is read.
 */
export function placed(paths: readonly string[]): Placed[] {
  let folders = paths.map((path) => path.split("/").slice(0, -1));
  folders = withoutRoots(folders);
  const firsts = new Set(folders.flatMap(([first]) => first ?? []));
  const splits = splitFolders(folders, firsts);
  const alone = firsts.size === 1;
  return folders.map(([first, second]) => {
    if (first === undefined) return { label: null, split: null };
    if (splits.has(first)) return { label: labelOf(second), split: splitNamed(first) };
    return { label: alone && PLAIN.test(first) ? null : labelOf(first), split: null };
  });
}

function labelOf(folder: string | undefined): string | null {
  return folder === undefined || UNLABELLED.test(folder) ? null : folder;
}

function withoutRoots(folders: readonly string[][]): string[][] {
  let within = folders.slice();
  for (;;) {
    const root = within[0]?.[0];
    const common = root !== undefined && within.every(([first]) => first === root);
    if (common && !splitNamed(root) && within.some((parts) => parts.length > 1)) {
      within = within.map((parts) => parts.slice(1));
      continue;
    }
    // As Hearth writes it: `images/cats/1.jpg` beside `unlabelled/2.jpg`.
    const firsts = new Set(within.map(([first]) => first?.toLowerCase()));
    if (firsts.has("images") && [...firsts].every((first) => first === "images" || UNLABELLED.test(first ?? ""))) {
      if (within.some(([first, second]) => first?.toLowerCase() === "images" && second !== undefined)) {
        return within.map((parts) => (parts[0]?.toLowerCase() === "images" ? parts.slice(1) : parts));
      }
    }
    return within;
  }
}

/** Those of the first folders that are splits: all of them are called so, or this one has nothing but folders in it. */
function splitFolders(folders: readonly string[][], firsts: ReadonlySet<string>): ReadonlySet<string> {
  const named = [...firsts].filter((first) => splitNamed(first));
  if (named.length === firsts.size) return new Set(named);
  return new Set(named.filter((name) => folders.every((parts) => parts[0] !== name || parts.length > 1)));
}
