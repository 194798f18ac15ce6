// Removes the section `name` from WebAssembly modules, in place: function names, which only a debugger reads and which
// are a fifth of what the page would download. https://webassembly.github.io/spec/core/binary/modules.html
import { readFileSync, renameSync, writeFileSync } from "node:fs";

const HEADER = 8; // magic and version
const CUSTOM = 0; // the section id; a custom section begins with its own name

/** An unsigned LEB128 number and the place behind it. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function isNames(bytes, id, content) {
  if (id !== CUSTOM) return false;
  const [length, at] = number(bytes, content);
  return bytes.toString("utf8", at, at + length) === "name";
}

function stripped(bytes) {
  const kept = [bytes.subarray(0, HEADER)];
  for (let at = HEADER; at < bytes.length; ) {
    const [size, content] = number(bytes, at + 1);
    const end = content + size;
    if (!isNames(bytes, bytes[at], content)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

for (const file of process.argv.slice(2)) {
  writeFileSync(`${file}.new`, stripped(readFileSync(file)));
  renameSync(`${file}.new`, file);
}
