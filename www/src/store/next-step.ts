import type { ModelState } from "./session";

/** What the next step on Draw depends on. */
export interface Facts {
  state: ModelState;
  /** Whether the network in use is one that the person made or opened. */
  own: boolean;
  takesDrawings: boolean;
  /** Whether it can be asked about the test images of a dataset that the page has. */
  testable: boolean;
  tested: boolean;
  /** Whether a training goes on. */
  training: boolean;
}

/** `digits`: use the network for digits; `watch`: the training that goes on; the others are pages. */
export type NextStep = "digits" | "watch" | "photos" | "test" | "train";

/** The one thing to do next on Draw: whatever stands in the way first, then the next stage of making a network. */
export function nextStep({ state, own, takesDrawings, testable, tested, training }: Facts): NextStep {
  if (state === "failed") return "digits";
  if (state === "ready" && !takesDrawings) return "photos";
  if (training) return "watch";
  return state === "ready" && own && testable && !tested ? "test" : "train";
}
