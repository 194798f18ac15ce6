/** Pictures in full, read and decoded before they are looked at. */
import { signal } from "@preact/signals";
import { originals } from "../../engine/library/library";
import type { OwnSample } from "../../engine/library/records";

/** By the sample's id. */
const addresses = new Map<number, string>();
const asked = new Set<number>();
/** Raised when some have come. */
export const largeArrived = signal(0);

/** The address of a picture in full; undefined until it has been read. */
export function largeOf(id: number): string | undefined {
  return addresses.get(id);
}

/** Reads those that are not there yet, and lets all others go. */
export async function holdLarge(some: readonly OwnSample[]): Promise<void> {
  const wanted = new Set(some.map(({ id }) => id));
  for (const [id, address] of addresses) {
    if (wanted.has(id)) continue;
    addresses.delete(id);
    URL.revokeObjectURL(address);
  }
  for (const id of asked) if (!wanted.has(id)) asked.delete(id);
  const missing = some.filter(({ id }) => !asked.has(id));
  for (const { id } of missing) asked.add(id);
  if (missing.length === 0) return;
  const files = await originals(missing).catch(() => []);
  await Promise.all(
    files.map(async (file, place) => {
      const id = missing[place]?.id;
      if (!file || id === undefined || !asked.has(id)) return;
      const address = URL.createObjectURL(file);
      const image = new Image();
      image.src = address;
      // What cannot be decoded is shown as the browser shows it.
      await image.decode().catch(() => {});
      if (!asked.has(id)) return URL.revokeObjectURL(address);
      addresses.set(id, address);
      largeArrived.value += 1;
    }),
  );
}

export function letLargeGo(): void {
  for (const address of addresses.values()) URL.revokeObjectURL(address);
  addresses.clear();
  asked.clear();
}
