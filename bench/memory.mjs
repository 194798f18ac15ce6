// What a browser takes of the machine’s memory.
import { readdirSync, readFileSync } from "node:fs";

/** Processes of the browser's, itself and all below it. */
function processesOf(pid) {
  const parents = new Map();
  for (const each of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = readOrNothing(`/proc/${each}/stat`);
    parents.set(Number(each), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const isBelow = (each) => each === pid || (parents.has(each) && isBelow(parents.get(each)));
  return [...parents.keys()].filter(isBelow);
}

function readOrNothing(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Megabytes that belong to the browser alone, its share of what is shared included. */
export function megabytes(pid) {
  const each = processesOf(pid).map((one) => /^Pss:\s+(\d+)/m.exec(readOrNothing(`/proc/${one}/smaps_rollup`))?.[1]);
  return each.reduce((sum, kilobytes) => sum + Number(kilobytes ?? 0), 0) / 1024;
}
