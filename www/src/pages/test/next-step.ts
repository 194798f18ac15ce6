/** What the page's one primary button does. */
import type { TestResult } from "../../store/test";

export type Step =
  /** Test what is chosen. */
  | "start"
  /** Choose what can be tested. */
  | "digits"
  /** Use the network that has been tested. */
  | "draw"
  | "photos"
  /** Train one for these images: the tested one was made for others. */
  | "train";

export interface Situation {
  running: boolean;
  /** Why what is chosen cannot be tested; empty where it can. */
  misfit: string;
  result: Pick<TestResult, "info" | "images"> | null;
}

export function nextStep({ running, misfit, result }: Situation): Step {
  if (running) return "start";
  if (misfit) return "digits";
  if (!result) return "start";
  const { info, images } = result;
  if (info.dataset !== undefined && info.dataset !== images.dataset) return "train";
  return info.takesDrawings ? "draw" : "photos";
}
