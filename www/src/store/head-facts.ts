/** What a file says of its head: what a model has learned on the features of another network. */
import type { ModelInfo } from "../engine/types";

/** Whose features it takes, and from how many images it learned. */
export type HeadOf = Pick<NonNullable<ModelInfo["head"]>, "backbone" | "samples">;

/** null for a network that is no head on another one's features. */
export function headOf(info: ModelInfo | null | undefined): HeadOf | null {
  const head = info?.head;
  return head ? { backbone: head.backbone, samples: head.samples } : null;
}
