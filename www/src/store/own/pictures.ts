/** Small pictures of samples, as addresses that an <img> takes. */
import { signal } from "@preact/signals";
import { type KeptPicture, pictures } from "../../engine/library/library";
import type { OwnSample } from "../../engine/library/records";
import { onClose } from "./open";

/** As many are held as a few screens of a large display have. */
const MOST = 1500;
/** Those that are asked for within a frame are read in one transaction. */
const AT_ONCE = 32;

/** By the sample's place; raised when some have come. */
const addresses = new Map<string, string>();
export const arrived = signal(0);
const wanted = new Map<string, OwnSample>();
let reading = false;

onClose(() => {
  for (const address of addresses.values()) letGo(address);
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

/**
 * Bytes become an address that holds them: to make one that points at a file the browser's other processes are asked, and
 * with dozens of tiles in a frame the page would wait for that.
 */
function addressOf({ kept, type }: KeptPicture): string {
  return kept instanceof Blob ? URL.createObjectURL(kept) : `data:${type};base64,${base64(kept)}`;
}

function base64(bytes: Uint8Array): string {
  // More arguments than this do not fit on the stack.
  const most = 0x8000;
  let text = "";
  for (let at = 0; at < bytes.length; at += most) text += String.fromCharCode(...bytes.subarray(at, at + most));
  return btoa(text);
}

function letGo(address: string): void {
  if (address.startsWith("blob:")) URL.revokeObjectURL(address);
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
        if (picture) addresses.set(key, addressOf(picture));
      }
      for (const [key, address] of addresses) {
        if (addresses.size <= MOST) break;
        addresses.delete(key);
        letGo(address);
      }
      arrived.value += 1;
    }
  } catch {
    // Without the database there are no samples either.
  } finally {
    reading = false;
  }
}
