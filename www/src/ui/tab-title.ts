import { computed } from "@preact/signals";
import { strings } from "../i18n";
import { percent, workDone } from "../i18n/format";
import { route } from "../router";
import { busy, progress, runState } from "../store/run";

/** What a tab says of the training that goes on in it: how far it is, and how well its network does so far. */
export interface Going {
  /** 0–1. */
  done: number;
  /** On held-out images; null before the first validation. */
  accuracy: number | null;
  paused: boolean;
}

export function titleOf(page: string, going: Going | null): string {
  if (!going) return page;
  const { done, accuracy, paused } = going;
  const parts = [workDone(done), ...(accuracy === null ? [] : [percent(accuracy)]), page];
  return [...(paused ? [strings.value.train.states.paused] : []), ...parts].join(" · ");
}

/** While a training goes on its progress comes first: in a row of tabs little more can be read. */
export const tabTitle = computed(() => {
  const page = strings.value.title[route.value];
  const { step, totalSteps, valAccuracy: accuracy } = progress.value;
  if (!busy.value || step === 0 || totalSteps === 0) return titleOf(page, null);
  return titleOf(page, { done: step / totalSteps, accuracy, paused: runState.value === "paused" });
});
