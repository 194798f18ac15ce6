/** How much room images take in this browser, and whether it may throw them away when the disk gets full. */
import { signal } from "@preact/signals";

export interface Room {
  /** In bytes, of all that this page keeps. */
  used: number;
  granted: number;
  /** Whether the browser has promised to keep it until a person clears it. */
  lasting: boolean;
}

/** null where the browser does not tell. */
export const room = signal<Room | null>(null);

export async function lookAtRoom(): Promise<void> {
  try {
    const [{ usage = 0, quota = 0 }, lasting] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    room.value = { used: usage, granted: quota, lasting };
  } catch {
    // Pages over plain http cannot ask.
    room.value = null;
  }
}

/** Asks the browser to keep what is here; it may ask the person. Returns whether it will. */
export async function askToKeep(): Promise<boolean> {
  try {
    const lasting = await navigator.storage.persist();
    await lookAtRoom();
    return lasting;
  } catch {
    return false;
  }
}
