/** What *Look inside* shows: which network, and of which image. Both come from the page that a person looks in from. */
import { batch, computed, signal } from "@preact/signals";
import type { Sample } from "../engine/protocol";
import { type Route, route } from "../router";
import { Drawing } from "./drawing";
import { handDrawing } from "./drawings";
import { hasNet } from "./run";

export type Subject = "session" | "training";

const wanted = signal<Subject>("session");

/** Which network is looked into: the session's, or that of the training of this moment, while there is one. */
export const subject = computed<Subject>(() => (wanted.value === "training" && hasNet.value ? "training" : "session"));
/** What is drawn on there: the very drawing that was looked in from. */
export const lookedDrawing = signal<Drawing>(handDrawing);
/** What is shown in the drawing's place: a dataset's image, or a photo. */
export const lookedImage = signal<Looked | null>(null);
/** The page that a person looked in from. */
export const lookedFrom = signal<Route | null>(null);

export interface LookedPhoto {
  name: string;
  file: Blob;
}

export type Looked = Sample | LookedPhoto;

export function isSample(image: Looked): image is Sample {
  return "pixels" in image;
}

/** `image`: what is shown of the network, a drawing, a dataset's image or a photo; without one, what was shown before. */
export function lookInto(which: Subject, image?: Drawing | Looked): void {
  batch(() => {
    wanted.value = which;
    const from = route.peek();
    if (from !== "layers" && from !== "unknown") lookedFrom.value = from;
    if (!image) return;
    if (image instanceof Drawing) {
      lookedDrawing.value = image;
      // A blank area has nothing to show.
      if (!image.isBlank.peek()) lookedImage.value = null;
    } else {
      lookedImage.value = image;
    }
  });
}
