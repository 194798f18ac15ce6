import { rememberPath } from "../engine/file-path";

/** Kinds of pictures that browsers decode, by their names' ends: a folder's files come without a type on some systems. */
const PICTURE = /\.(jpe?g|jfif|png|webp|avif|gif|bmp|svg|ico)$/i;

export function isPicture(file: File): boolean {
  return file.type.startsWith("image/") || PICTURE.test(file.name);
}

/**
 * What was dropped or pasted; of a folder all pictures in it and in the folders in it, or all files that are `wanted`, in
 * the order of their names.
 */
export async function filesOf(data: DataTransfer, wanted: Wanted = isPicture): Promise<File[]> {
  // Read at once: after the event the transfer is empty.
  const given = [...data.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  const files: File[] = [];
  for (const { entry, file } of given) {
    if (entry?.isDirectory) files.push(...(await filesIn(entry as FileSystemDirectoryEntry, wanted)));
    else if (file) files.push(file);
  }
  return files;
}

type Wanted = (file: File) => boolean;

async function filesIn(folder: FileSystemDirectoryEntry, wanted: Wanted): Promise<File[]> {
  const entries = await entriesOf(folder);
  const inOrder = entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const files: File[] = [];
  for (const entry of inOrder) {
    if (entry.isDirectory) files.push(...(await filesIn(entry as FileSystemDirectoryEntry, wanted)));
    else files.push(...(await fileOf(entry as FileSystemFileEntry)).filter(wanted));
  }
  return files;
}

/** Browsers hand out a hundred at a time, and none when there are no more; a folder that may not be read is empty. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** None where the file has gone or may not be read. */
function fileOf(entry: FileSystemFileEntry): Promise<File[]> {
  return new Promise((resolve) =>
    entry.file(
      (file) => resolve([rememberPath(file, entry.fullPath)]),
      () => resolve([]),
    ),
  );
}
