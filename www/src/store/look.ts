/** What *Look inside* shows: which network, and of which image. Both come from the page that a person looks in from. */
import { batch, computed, signal } from "@preact/signals";
import type { Sample } from "../engine/protocol";
import type { Drawing } from "./drawing";
import { handDrawing } from "./drawings";
import { hasNet } from "./run";

export type Subject = "session" | "training";

const wanted = signal<Subject>("session");

/** Which network is looked into: the session's, or that of the training of this moment, while there is one. */
export const subject = computed<Subject>(() => (wanted.value === "training" && hasNet.value ? "training" : "session"));
/** What is drawn on there: the very drawing that was looked in from. */
export const lookedDrawing = signal<Drawing>(handDrawing);
/** A dataset's image that is shown in the drawing's place. */
export const lookedSample = signal<Sample | null>(null);

/** `image`: what is shown of the network, a drawing or a dataset's image; without one, what was shown before. */
export function lookInto(which: Subject, image?: Drawing | Sample): void {
  batch(() => {
    wanted.value = which;
    if (!image) return;
    if ("pixels" in image) {
      lookedSample.value = image;
    } else {
      lookedDrawing.value = image;
      // A blank area has nothing to show.
      if (!image.isBlank.peek()) lookedSample.value = null;
    }
  });
}
