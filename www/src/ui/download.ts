/** Hands a file to the person. */
export function saveFile(content: Uint8Array | Blob, name: string): void {
  const file =
    content instanceof Blob
      ? content
      : new Blob([content as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" });
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
