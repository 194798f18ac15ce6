const dropped = new WeakMap<File, string>();

/** For a file of a folder that was dropped: unlike a folder that was chosen, only its entry knows the path. */
export function rememberPath(file: File, path: string): File {
  dropped.set(file, path.replace(/^\//, ""));
  return file;
}

/** Where a file lies in the folder it came with, and its name where it came alone. */
export function pathOf(file: File): string {
  return dropped.get(file) ?? (file.webkitRelativePath || file.name);
}
