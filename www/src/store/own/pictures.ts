/** Small pictures of samples, as addresses that an <img> takes. */
import { signal } from "@preact/signals";
import { pictures } from "../../engine/library/library";
import type { OwnSample } from "../../engine/library/records";
import { onClose } from "./open";

/** As many are held as a few screens of a large display have. */
const MOST = 1500;
/** Those that are asked for within a frame are read in one transaction. */
const AT_ONCE = 64;

/** By the sample's place; raised when some have come. */
const addresses = new Map<string, string>();
export const arrived = signal(0);
const wanted = new Map<string, OwnSample>();
let reading = false;

onClose(() => {
  for (const address of addresses.values()) URL.revokeObjectURL(address);
  addresses.clear();
  wanted.clear();
});

function keyOf({ dataset, id }: Pick<OwnSample, "dataset" | "id">): string {
  return `${dataset} ${id}`;
}

/** The address of a sample's picture; undefined until it has been read, which raises `arrived`. */
export function pictureOf(sample: OwnSample): string | undefined {
  const key = keyOf(sample);
  const known = addresses.get(key);
  if (known) {
    // The last that were looked at go last.
    addresses.delete(key);
    addresses.set(key, known);
    return known;
  }
  wanted.set(key, sample);
  if (!reading) {
    reading = true;
    queueMicrotask(() => void readWanted());
  }
  return undefined;
}

/** A sample that is no longer in sight need not be read. */
export function forgetWish(sample: OwnSample): void {
  wanted.delete(keyOf(sample));
}

async function readWanted(): Promise<void> {
  try {
    while (wanted.size > 0) {
      // The newest first: they are in sight.
      const some = [...wanted.entries()].slice(-AT_ONCE);
      for (const [key] of some) wanted.delete(key);
      const read = await pictures(some.map(([, sample]) => sample));
      for (const [place, [key]] of some.entries()) {
        const picture = read[place];
        if (picture) addresses.set(key, URL.createObjectURL(picture));
      }
      for (const [key, address] of addresses) {
        if (addresses.size <= MOST) break;
        addresses.delete(key);
        URL.revokeObjectURL(address);
      }
      arrived.value += 1;
    }
  } catch {
    // Without the database there are no samples either.
  } finally {
    reading = false;
  }
}
