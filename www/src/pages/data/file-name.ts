/** What systems do not allow in a file's name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are among it
const FORBIDDEN = /[\u0000-\u001f<>:"/\\|?*]+/g;

/** A name of a person's own, as a file can have it. */
export function fileNameOf(name: string): string {
  return (
    name
      .replace(FORBIDDEN, " ")
      .replace(/\s+/g, " ")
      .replace(/^[. ]+|[. ]+$/g, "") || "hearth-images"
  );
}
