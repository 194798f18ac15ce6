/**
 * The camera and what the model in use says of its frames. One frame is in flight at a time; those that come meanwhile
 * are dropped, so that an answer is never about a picture of long ago.
 */
import { batch, computed, effect, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import type { Prediction } from "../../engine/types";
import { explain } from "../../i18n";
import { isNone, rejectOf } from "../../store/rejecting";
import { currentModel, currentModelId, infer, modelInfo, modelState } from "../../store/session";
import { stamp } from "../../store/stamp";
import { toast } from "../../store/toasts";

const TOP = 5;
/** The shorter side of a frame that is answered: its middle is more than any network here looks at, and little to copy. */
const FRAME_SIDE = 320;
/** What is asked of the camera, in pixels: it gives what it has that is nearest. */
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 } };
/** Frames per second are a mean over the last so many. */
const PACE = 20;
const JPEG_QUALITY = 0.92;
/** How the names of captured frames begin. */
export const CAPTURED = "camera-";

export type CameraState = "off" | "asking" | "on" | "paused";
/** Why there is no picture. */
export type Fault = "denied" | "none" | "busy" | "insecure" | "unplugged" | "other";

export interface Answer {
  /** Best first. None where a network for digits finds no ink. */
  predictions: readonly Prediction[];
  /** How unlike everything the model has learned it is; null where the model has no such score. */
  novelty: number | null;
  ms: number;
}

const FAULTS: Partial<Record<string, Fault>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

export const cameraState = signal<CameraState>("off");
export const fault = signal<Fault | null>(null);
export const cameras = signal<readonly MediaDeviceInfo[]>([]);
/** The id of the camera that is on or was last chosen; empty where the browser chooses. */
export const cameraId = signal("");
/** Only on the screen, as in a mirror: networks and captures get the picture as it is. */
export const mirrored = signal(true);
export const answer = signal<Answer | null>(null);
export const sequence = signal(0);
/** Answered frames per second; null until there have been a few. */
export const pace = signal<number | null>(null);
/** Whether the frame is none of the model's classes. An answer never outlives its model. */
export const refused = computed(() => {
  const { novelty, predictions } = answer.value ?? {};
  return (predictions?.length ?? 0) > 0 && isNone(novelty, rejectOf(modelInfo.value)?.threshold);
});
export const isOn = computed(() => cameraState.value === "on" || cameraState.value === "paused");

let video: HTMLVideoElement | null = null;
let stream: MediaStream | null = null;
/** Raised with each start and stop: what belongs to an earlier one is dropped. */
let turn = 0;
let inFlight = false;
/** Whether a frame has been shown since the last one that was asked about. */
let fresh = false;
let answeredAt: number[] = [];

/** The element that shows the camera; null when its page is left, which lets the camera go. */
export function showOn(element: HTMLVideoElement | null): void {
  video = element;
  if (element) {
    void listCameras();
    navigator.mediaDevices?.addEventListener("devicechange", listCameras);
  } else {
    navigator.mediaDevices?.removeEventListener("devicechange", listCameras);
    stop();
    fault.value = null;
  }
}

export async function start(): Promise<void> {
  stop();
  const mine = ++turn;
  fault.value = null;
  if (!navigator.mediaDevices) {
    fault.value = "insecure";
    return;
  }
  cameraState.value = "asking";
  try {
    const opened = await openCamera();
    if (mine !== turn || !video) return letGo(opened);
    await show(opened, video, mine);
  } catch (error) {
    if (mine !== turn) return;
    stop();
    fault.value = FAULTS[error instanceof DOMException ? error.name : ""] ?? "other";
  }
}

/** The camera that was used last; where that is no longer there, any. */
async function openCamera(): Promise<MediaStream> {
  const ask = () => navigator.mediaDevices.getUserMedia({ video: wanted(), audio: false });
  try {
    return await ask();
  } catch (error) {
    const gone = error instanceof DOMException && ["OverconstrainedError", "NotFoundError"].includes(error.name);
    if (!gone || !cameraId.value) throw error;
    cameraId.value = "";
    return ask();
  }
}

function wanted(): MediaTrackConstraints {
  return cameraId.value ? { ...WANTED, deviceId: { exact: cameraId.value } } : WANTED;
}

async function show(opened: MediaStream, element: HTMLVideoElement, mine: number): Promise<void> {
  stream = opened;
  const [track] = opened.getVideoTracks();
  // Unplugged, or taken back in the browser's settings.
  track?.addEventListener("ended", () => {
    if (mine !== turn) return;
    stop();
    cameraId.value = "";
    fault.value = "unplugged";
  });
  const { deviceId = "", facingMode } = track?.getSettings() ?? {};
  cameraId.value = deviceId;
  // The camera on a phone's back shows what is in front of a person, not the person.
  mirrored.value = facingMode !== "environment";
  element.srcObject = opened;
  await element.play();
  if (mine !== turn) return;
  cameraState.value = "on";
  void listCameras();
  watchFrames(element, mine);
}

export function stop(): void {
  turn += 1;
  if (stream) letGo(stream);
  stream = null;
  if (video) video.srcObject = null;
  batch(() => {
    cameraState.value = "off";
    forget();
  });
}

function letGo(opened: MediaStream): void {
  for (const track of opened.getTracks()) track.stop();
}

function forget(): void {
  answer.value = null;
  pace.value = null;
  answeredAt = [];
}

/** The picture and its labels stand still; the camera stays on. */
export function pause(paused: boolean): void {
  if (!isOn.value) return;
  if (paused) video?.pause();
  // Stopped at once, it never plays: nobody waits for that.
  else video?.play().catch(() => {});
  answeredAt = [];
  cameraState.value = paused ? "paused" : "on";
}

export async function chooseCamera(id: string): Promise<void> {
  cameraId.value = id;
  await start();
}

async function listCameras(): Promise<void> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  // Before permission they have neither id nor name.
  cameras.value = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId !== "");
}

/** The whole frame that is shown, as a picture file; null while there is none. */
export async function capture(): Promise<File | null> {
  if (!video?.videoWidth) return null;
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", JPEG_QUALITY));
  return blob && new File([blob], `${CAPTURED}${stamp(new Date())}.jpg`, { type: blob.type });
}

/** Looks at each frame as it is shown: at the display's pace, and not at all while the tab is hidden. */
function watchFrames(element: HTMLVideoElement, mine: number): void {
  const next = () => {
    if (mine !== turn) return;
    if ("requestVideoFrameCallback" in element) element.requestVideoFrameCallback(look);
    else requestAnimationFrame(look);
  };
  const look = () => {
    if (mine !== turn) return;
    fresh = true;
    void ask(element, mine);
    next();
  };
  next();
}

async function ask(element: HTMLVideoElement, mine: number): Promise<void> {
  if (inFlight || !isOn.peek() || modelState.peek() !== "ready" || !element.videoWidth) return;
  inFlight = true;
  fresh = false;
  const model = currentModelId.peek();
  try {
    const frame = await createImageBitmap(element, smaller(element));
    if (mine !== turn) return frame.close();
    const { predictions, novelty, ms } = await infer.predictPhoto("current", frame, TOP);
    if (mine === turn && model === currentModelId.peek()) {
      take({ predictions: predictions.map(named), novelty, ms });
    }
  } catch (error) {
    if (mine === turn) fail(EngineError.from(error));
  } finally {
    inFlight = false;
    if (fresh && mine === turn) void ask(element, mine);
  }
}

function smaller({ videoWidth: width, videoHeight: height }: HTMLVideoElement): ImageBitmapOptions {
  const scale = Math.min(1, FRAME_SIDE / Math.min(width, height));
  if (scale === 1) return {};
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { resizeWidth: side(width), resizeHeight: side(height), resizeQuality: "medium" };
}

/** By the names that came beside the model's file, where there are any. */
function named(prediction: Prediction): Prediction {
  return { ...prediction, label: currentModel.peek().labels?.[prediction.index] ?? prediction.label };
}

function take(next: Answer): void {
  answeredAt = [...answeredAt, performance.now()].slice(-PACE);
  const [first = 0, last = 0] = [answeredAt[0], answeredAt.at(-1)];
  batch(() => {
    answer.value = next;
    sequence.value += 1;
    if (last > first) pace.value = (1000 * (answeredAt.length - 1)) / (last - first);
  });
}

/** A frame that could not be answered is a frame dropped, where the engine comes back by itself. */
function fail(error: EngineError): void {
  if (error.code === "worker-died") return;
  pause(true);
  toast("error", explain(error));
}

effect(() => {
  // Another model begins anew.
  currentModelId.value;
  forget();
});

effect(() => {
  // A picture that stands still has no next frame: another model is asked about this one.
  const unanswered = cameraState.value === "paused" && modelState.value === "ready" && answer.value === null;
  if (unanswered && video) void ask(video, turn);
});
