/** Photos survive a reload: what was given is written down in this browser, in the background, until it is cleared. */
import { macrotask } from "../engine/macrotask";
import { strings } from "../i18n";
import { size, whole } from "../i18n/format";
import { forgetPhotos, type KeptPhoto, keepPhotos, keptPhotos } from "./database";
import { toast } from "./toasts";

/** So much of a disk is taken without asking; a folder of photos may be larger. */
const MOST_BYTES = 500_000_000;
/** Photos that are written or read in one transaction: their handles are copied by the page. */
const AT_ONCE = 25;

interface Keepable extends KeptPhoto {
  key: number | null;
}

export interface Restored {
  key: number;
  path: string;
  file: File;
}

export class PhotoKeeping {
  #kept = { photos: 0, bytes: 0 };
  /** Each waits for the one before: what is cleared while it is being written is forgotten after that. */
  #turn: Promise<void> = Promise.resolve();
  #said = false;

  constructor(private readonly mostBytes = MOST_BYTES) {}

  /** Writes photos down and gives them their keys. Never rejects: what cannot be kept is said, once. */
  keep(photos: readonly Keepable[]): Promise<void> {
    return this.#next(async () => {
      for (let from = 0; from < photos.length; from += AT_ONCE) {
        const some = this.#thatFit(photos.slice(from, from + AT_ONCE));
        if (some.length > 0) await this.#write(some);
        if (some.length < Math.min(AT_ONCE, photos.length - from)) return;
        await macrotask();
      }
    });
  }

  async #write(photos: readonly Keepable[]): Promise<void> {
    try {
      const keys = await keepPhotos(photos.map(({ name, path, file }) => ({ name, path, file })));
      for (const [place, photo] of photos.entries()) photo.key = keys[place] ?? null;
    } catch (error) {
      this.#count(photos, -1);
      throw error;
    }
  }

  /** The first ones for which there is room. */
  #thatFit(photos: readonly Keepable[]): readonly Keepable[] {
    const over = photos.findIndex((photo) => {
      const fits = this.#kept.bytes + photo.file.size <= this.mostBytes;
      if (fits) this.#count([photo], 1);
      return !fits;
    });
    if (over < 0) return photos;
    this.#say(strings.value.photos.notAllKept(whole(this.#kept.photos), size(this.mostBytes)));
    return photos.slice(0, over);
  }

  forget(photos: readonly Keepable[]): Promise<void> {
    return this.#next(async () => {
      const kept = photos.filter(({ key }) => key !== null);
      this.#count(kept, -1);
      await forgetPhotos(kept.map(({ key }) => key as number));
      for (const photo of kept) photo.key = null;
      this.#said = false;
    });
  }

  /** Those of the last visit, in their order; none where the browser keeps nothing. To be called before any are kept. */
  async restore(): Promise<Restored[]> {
    const all: Restored[] = [];
    const reading = this.#turn.then(async () => {
      for (let after = 0; ; ) {
        const some = await keptPhotos(after, AT_ONCE);
        for (const { key, photo } of some) all.push({ key, path: photo.path, file: asFile(photo) });
        after = some.at(-1)?.key ?? after;
        if (some.length < AT_ONCE) break;
      }
      this.#count(all, 1);
    });
    // Without a database there are none.
    this.#turn = reading.catch(() => {});
    await this.#turn;
    return all;
  }

  #count(photos: readonly { file: Blob }[], sign: 1 | -1): void {
    this.#kept.photos += sign * photos.length;
    for (const { file } of photos) this.#kept.bytes += sign * file.size;
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch(() => this.#say(strings.value.photos.notKept));
    return this.#turn;
  }

  /** Until something is cleared: a disk that is full stays full. */
  #say(text: string): void {
    if (this.#said) return;
    this.#said = true;
    toast("error", text);
  }
}

/** Browsers may keep of a file only what is in it. */
function asFile({ name, file }: KeptPhoto): File {
  return file instanceof File ? file : new File([file], name, { type: file.type });
}
