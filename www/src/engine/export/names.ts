/** Names that every file system takes, and of which no two are the same on any. */

/** Those that Windows keeps for itself. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Characters of a name: with a folder and an end it stays below what file systems take, in three bytes each. */
const LONGEST = 70;

/** The name as a file or folder can be called; `otherwise` where nothing of it can be kept. */
export function fileName(name: string, otherwise: string): string {
  const plain = [...name.normalize("NFC")].map((char) => (char < " " || '<>:"/\\|?*\x7f'.includes(char) ? "_" : char));
  const trimmed = plain
    .slice(0, LONGEST)
    .join("")
    .replace(/[. ]+$/, "")
    // Dot files are left out by whoever reads the folder.
    .replace(/^[. ]+/, "");
  if (trimmed === "") return otherwise;
  return RESERVED.test(trimmed) ? `_${trimmed}` : trimmed;
}

/** Gives each name once: those that come later get a number before their end. Capitals make no difference. */
export class Names {
  #taken = new Set<string>();

  unique(name: string): string {
    const dot = name.lastIndexOf(".");
    const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    for (let n = 1; ; n++) {
      const one = n === 1 ? name : `${stem} (${n})${end}`;
      const same = one.toLowerCase();
      if (this.#taken.has(same)) continue;
      this.#taken.add(same);
      return one;
    }
  }
}

const ENDS: Readonly<Record<string, readonly string[]>> = {
  "image/jpeg": ["jpg", "jpeg", "jfif"],
  "image/png": ["png"],
  "image/gif": ["gif"],
  "image/webp": ["webp"],
  "image/bmp": ["bmp"],
  "image/avif": ["avif"],
  "image/tiff": ["tif", "tiff"],
  "image/heic": ["heic", "heif"],
  "image/x-icon": ["ico"],
  "image/jxl": ["jxl"],
};

/** With an end that says what is in the file: whoever reads folders goes by it. */
export function withEnd(name: string, type: string): string {
  const ends = ENDS[type];
  const end = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return !ends || ends.includes(end) ? name : `${name}.${ends[0]}`;
}
