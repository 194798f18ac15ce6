/**
 * The camera as it fills a class: it is opened by the first press, shows what it sees in that class's card, and takes
 * pictures for as long as the button is held.
 */
import { batch, signal } from "@preact/signals";
import { addPicture } from "../../store/own/importing";

/** Pictures a second while the button is held. */
const PER_SECOND = 8;
/** Along both sides of the middle square that is kept, in pixels. */
const SIDE = 320;
const JPEG_QUALITY = 0.9;
/** Pictures on their way into storage: where it is slower than the camera, some are left out. */
const MOST_PENDING = 6;
/** A camera that nobody has used for so long is let go. */
const IDLE_MS = 60_000;
/** What is asked of the camera, in pixels: it gives what it has that is nearest. */
const WANTED = { width: { ideal: 640 }, height: { ideal: 480 } };

export type Fault = "denied" | "none" | "busy" | "insecure" | "unplugged" | "other";

const FAULTS: Partial<Record<string, Fault>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** The class in whose card the camera is; null while it is off, or only tried with. */
export const filling = signal<string | null>(null);
/** Whether it was opened to try the model, and fills no class. */
export const trying = signal(false);
export const viewing = signal<"off" | "asking" | "on">("off");
export const fault = signal<Fault | null>(null);
export const holding = signal(false);
/** Only on the screen, as in a mirror: what is kept is as the camera has it. */
export const mirrored = signal(true);
export const cameras = signal<readonly MediaDeviceInfo[]>([]);

let video: HTMLVideoElement | null = null;
let stream: MediaStream | null = null;
let cameraId = "";
/** Raised with each opening and closing: what belongs to an earlier one is dropped. */
let turn = 0;
let pending = 0;
let ticking: ReturnType<typeof setInterval> | undefined;
let idle: ReturnType<typeof setTimeout> | undefined;

/** The button of a class is pressed: opens the camera where it is off, and takes pictures from now on. */
export function press(id: string): void {
  clearTimeout(idle);
  batch(() => {
    filling.value = id;
    trying.value = false;
    holding.value = true;
  });
  if (viewing.value === "off") void open();
  clearInterval(ticking);
  ticking = setInterval(() => void take(), 1000 / PER_SECOND);
  void take();
}

export function release(): void {
  if (!holding.value) return;
  clearInterval(ticking);
  holding.value = false;
  clearTimeout(idle);
  idle = setTimeout(close, IDLE_MS);
}

/** For whoever cannot hold a button: one picture, or the camera is opened first. */
export function tap(id: string): void {
  batch(() => {
    filling.value = id;
    trying.value = false;
  });
  if (viewing.value === "off") void open();
  else void take();
  release();
}

/** Opens the camera, or takes it over, to try the model: nothing is taken into a class. It stays until it is closed. */
export function tryIt(): void {
  clearInterval(ticking);
  clearTimeout(idle);
  batch(() => {
    filling.value = null;
    trying.value = true;
    holding.value = false;
  });
  if (viewing.value === "off") void open();
}

/** What the camera sees now, as the square that would be kept; null where it sees nothing yet. */
export async function frame(): Promise<ImageBitmap | null> {
  if (viewing.value !== "on" || !video?.videoWidth) return null;
  const { videoWidth: width, videoHeight: height } = video;
  const side = Math.min(width, height);
  const size = { resizeWidth: SIDE, resizeHeight: SIDE } as const;
  return createImageBitmap(video, (width - side) / 2, (height - side) / 2, side, side, size).catch(() => null);
}

/** Lets the camera go. */
export function close(): void {
  turn += 1;
  clearInterval(ticking);
  clearTimeout(idle);
  letGo();
  batch(() => {
    filling.value = null;
    trying.value = false;
    viewing.value = "off";
    holding.value = false;
    fault.value = null;
  });
}

/** The element that shows the camera, in the card of the class that is being filled. */
export function showIn(element: HTMLVideoElement | null): void {
  video = element;
  if (element && stream) play(element, stream);
}

/** The next of several cameras: the other side of a phone. */
export function turnCamera(): void {
  const ids = cameras.value.map(({ deviceId }) => deviceId);
  cameraId = ids[(ids.indexOf(cameraId) + 1) % ids.length] ?? "";
  void open();
}

async function open(): Promise<void> {
  const mine = ++turn;
  letGo();
  batch(() => {
    fault.value = null;
    viewing.value = "asking";
  });
  if (!navigator.mediaDevices) return fail("insecure");
  try {
    const constraints = cameraId ? { ...WANTED, deviceId: { exact: cameraId } } : WANTED;
    const opened = await navigator.mediaDevices.getUserMedia({ video: constraints, audio: false });
    if (mine !== turn) return stop(opened);
    stream = opened;
    const [track] = opened.getVideoTracks();
    track?.addEventListener("ended", () => {
      if (mine === turn) fail("unplugged");
    });
    const { deviceId = "", facingMode } = track?.getSettings() ?? {};
    cameraId = deviceId;
    // The camera on a phone's back shows what is in front of a person, not the person.
    mirrored.value = facingMode !== "environment";
    if (video) play(video, opened);
    viewing.value = "on";
    if (!holding.value && !trying.value) idle = setTimeout(close, IDLE_MS);
    await listCameras();
  } catch (error) {
    if (mine !== turn) return;
    cameraId = "";
    fail(FAULTS[error instanceof DOMException ? error.name : ""] ?? "other");
  }
}

async function listCameras(): Promise<void> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  cameras.value = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
}

function fail(why: Fault): void {
  turn += 1;
  clearInterval(ticking);
  letGo();
  batch(() => {
    fault.value = why;
    viewing.value = "off";
    holding.value = false;
  });
}

function letGo(): void {
  if (stream) stop(stream);
  stream = null;
  if (video) video.srcObject = null;
}

function stop(opened: MediaStream): void {
  for (const track of opened.getTracks()) track.stop();
}

function play(element: HTMLVideoElement, opened: MediaStream): void {
  element.srcObject = opened;
  // Closed at once, it never plays: nobody waits for that.
  element.play().catch(() => {});
}

/** Takes the middle square of what is seen into the class that is being filled. */
async function take(): Promise<void> {
  const id = filling.value;
  if (!id || viewing.value !== "on" || !video?.videoWidth || pending >= MOST_PENDING) return;
  pending += 1;
  try {
    const picture = await squareOf(video);
    if (picture) await addPicture(picture, id, "camera");
  } finally {
    pending -= 1;
  }
}

function squareOf(element: HTMLVideoElement): Promise<Blob | null> {
  const { videoWidth: width, videoHeight: height } = element;
  const side = Math.min(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d")?.drawImage(element, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
}

addEventListener("blur", release);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) release();
});
