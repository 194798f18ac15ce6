import { computed } from "@preact/signals";
import { cancelled, takesPhotos, waiting } from "../../store/photos";
import { modelState } from "../../store/session";

/** What is next: to go on with what was cancelled, to take a network that is for photos, or to choose photos. */
export const nextStep = computed<"resume" | "suit" | "choose">(() => {
  if (cancelled.value && waiting.value > 0) return "resume";
  return modelState.value === "ready" && !takesPhotos.value ? "suit" : "choose";
});
