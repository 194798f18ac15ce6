/** The head that answers, in a worker of its own, and what it answers. No answer outlives its head. */
import { batch, computed, signal } from "@preact/signals";
import { InferEngine } from "../../engine/infer";
import type { Picture } from "../../engine/protocol";
import { pictureOf } from "../../engine/svg";
import { explain } from "../../i18n";
import { isNone } from "../rejecting";
import { toast } from "../toasts";

/** An answer of the live head. */
export interface LiveAnswer {
  /** Best first. */
  predictions: readonly { index: number; label: string; p: number }[];
  /** Whether it is none of the classes: its novelty is above the threshold and refusing is on. */
  none: boolean;
  novelty: number | null;
  source: "camera" | "picture";
  /** Raised with every answer. */
  seq: number;
}

/** More classes than anybody looks at. */
const MOST_ANSWERS = 1000;
const SLOT = "current";

const engine = new InferEngine();
/** Files are opened one after another. */
let opening: Promise<unknown> = Promise.resolve();
/** Which file is open in the worker; 0: none. */
let open = 0;
let files = 0;
/** Which of them is shown as the one that answers. */
let shown = 0;

interface Said extends Omit<LiveAnswer, "none"> {
  threshold: number | null;
}

const said = signal<Said | null>(null);
let threshold: number | null = null;
let seq = 0;

export const liveAnswer = computed<LiveAnswer | null>(() => {
  if (!said.value) return null;
  const { threshold, ...answer } = said.value;
  return { ...answer, none: isNone(answer.novelty, threshold) };
});

/** The still picture that is tried, which is answered again by every new head; an object URL. */
export const triedPicture = signal<string | null>(null);
let tried: Blob | null = null;
/** What the camera saw last, so that a new head has seen it too when it is shown. */
let lastFrame: ImageBitmap | null = null;

/**
 * Opens a head's file in place of the one before. `publish` is called when it answers, in one with the answer to what is
 * being tried; not where another file has been opened meanwhile, or `signal` aborts.
 */
export function openLive(
  { onnx, reject }: { onnx: Uint8Array; reject: { threshold: number } | null },
  signal: AbortSignal,
  publish: () => void,
): Promise<void> {
  const turn = opening.then(async () => {
    signal.throwIfAborted();
    await engine.open(SLOT, onnx).catch((error) => {
      // A module that could not be loaded may come the next time.
      if (open === 0) engine.rest();
      throw error;
    });
    const mine = ++files;
    open = mine;
    // What is tried is not shown with another head's answer even for a moment.
    const first = await answerToTried(reject?.threshold ?? null).catch(() => null);
    if (open !== mine) return;
    signal.throwIfAborted();
    batch(() => {
      shown = mine;
      threshold = reject?.threshold ?? null;
      said.value = first;
      publish();
    });
  });
  opening = turn.catch(() => {});
  return turn;
}

async function answerToTried(limit: number | null): Promise<Said | null> {
  if (lastFrame) return ask(await createImageBitmap(lastFrame), "camera", limit);
  return tried ? ask(await pictureOf(tried), "picture", limit) : null;
}

async function ask(picture: Picture, source: LiveAnswer["source"], limit: number | null): Promise<Said> {
  const { predictions, novelty } = await engine.predictPhoto(SLOT, picture, MOST_ANSWERS);
  seq += 1;
  return { predictions, novelty, source, seq, threshold: limit };
}

let asking = false;
let next: Blob | null = null;

/** Answers one picture; frames that come faster than answers are left out. A bitmap is transferred. */
export function tryPicture(picture: Picture, source: LiveAnswer["source"]): void {
  if (source === "picture") {
    void keepTried(picture);
    return;
  }
  if (asking || shown === 0 || !(picture instanceof ImageBitmap)) {
    if (picture instanceof ImageBitmap) picture.close();
    return;
  }
  void answerFrame(picture);
}

async function answerFrame(frame: ImageBitmap): Promise<void> {
  asking = true;
  try {
    const copy = await createImageBitmap(frame);
    lastFrame?.close();
    lastFrame = copy;
    forgetTried();
    await answered(frame, "camera");
  } catch {
    // The next frame comes soon.
  } finally {
    done();
  }
}

async function keepTried(picture: Picture): Promise<void> {
  const file = picture instanceof Blob ? picture : await fileOf(picture);
  forgetTried();
  dropFrame();
  tried = file;
  batch(() => {
    said.value = null;
    triedPicture.value = URL.createObjectURL(file);
  });
  if (shown === 0) return;
  if (asking) next = file;
  else await answerStill(file);
}

async function answerStill(file: Blob): Promise<void> {
  asking = true;
  try {
    await answered(await pictureOf(file), "picture");
  } catch (error) {
    if (tried === file) toast("error", explain(error));
  } finally {
    done();
  }
}

function done(): void {
  asking = false;
  const waiting = next;
  next = null;
  if (waiting && waiting === tried && shown > 0) void answerStill(waiting);
}

async function answered(picture: Picture, source: LiveAnswer["source"]): Promise<void> {
  const [of, still] = [open, tried];
  const answer = await ask(picture, source, threshold);
  // Of the head that is shown, and of what is being tried now.
  if (of === shown && of === open && still === tried) said.value = answer;
}

async function fileOf(picture: ImageBitmap | ImageData): Promise<Blob> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  if (picture instanceof ImageData) context?.putImageData(picture, 0, 0);
  else {
    context?.drawImage(picture, 0, 0);
    picture.close();
  }
  return canvas.convertToBlob();
}

function dropFrame(): void {
  lastFrame?.close();
  lastFrame = null;
}

function forgetTried(): void {
  if (triedPicture.peek()) URL.revokeObjectURL(triedPicture.peek() ?? "");
  tried = null;
  triedPicture.value = null;
}

/** Takes the tried picture away. */
export function dropTried(): void {
  batch(() => {
    forgetTried();
    dropFrame();
    said.value = null;
  });
}

/** Nothing answers any more; the worker goes. */
export function closeLive(): void {
  dropTried();
  open = 0;
  shown = 0;
  // A file that is being opened for a dataset that has been closed is no longer of interest.
  files += 1;
  engine.rest();
}
