/** What a file says of its head: what a model has learned on the features of another network. */
import type { ModelInfo } from "../engine/types";

export interface HeadOf {
  /** What the file was called whose features it takes. */
  backbone: string;
  /** Images that it learned from. */
  samples: number;
}

/** null for a network that is no head on another one's features. */
export function headOf(info: ModelInfo | null | undefined): HeadOf | null {
  const head = (info as (ModelInfo & { head?: HeadOf }) | null | undefined)?.head;
  return head ? { backbone: head.backbone, samples: head.samples } : null;
}
