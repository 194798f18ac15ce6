/** What a person does next on this page: the one button that stands out. */
import { computed } from "@preact/signals";
import type { KeptRun } from "../../store/database";
import { hasNet, left, progress, type RunState, runState, trainsElsewhere } from "../../store/run";

export type NextStep = "start" | "pause" | "goOn" | "use" | "resumeLeft";

export interface Standing {
  state: RunState;
  /** Whether the run has come to a network that can be used. */
  hasNet: boolean;
  /** How the training stands that an earlier visit has left and that is offered; null where there is none. */
  left: KeptRun["state"] | null;
}

export function nextStepOf({ state, hasNet, left }: Standing): NextStep {
  switch (state) {
    case "running":
    case "evaluating":
      return "pause";
    case "paused":
      return "goOn";
    // Start was pressed, and says so until the run is there.
    case "preparing":
      return "start";
    case "stopped":
    case "done":
      if (hasNet) return "use";
  }
  // What was broken off is gone on with first; one that had come to its end has nothing to go on with.
  if (left && left !== "done") return "resumeLeft";
  return hasNet ? "use" : "start";
}

/** Whether what an earlier visit has left is on offer: after a run of this visit its own summary has the same to say. */
export const offersLeft = computed(() => {
  const nothing = runState.value === "idle" || (runState.value === "stopped" && progress.value.step === 0);
  return nothing || runState.value === "failed";
});

export const nextStep = computed(() =>
  nextStepOf({
    state: runState.value,
    hasNet: hasNet.value,
    left: (offersLeft.value && !trainsElsewhere.value && left.value[0]?.state) || null,
  }),
);
