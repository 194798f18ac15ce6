/** What a test says of a model that can answer *none of these*: Chow's reject option (1970), counted. */
import type { Judged } from "../../engine/protocol";
import { isAbove, isNone, type Reject, rejectOf } from "../../store/rejecting";
import type { TestResult } from "../../store/test";

export interface Refusals {
  /** Places of the refused images, the most unlike what was learned first. */
  images: number[];
  /** How many of them the likeliest class would have been right for. */
  rightRefused: number;
  /** Images that got a class, and how many got the right one. */
  answered: number;
  right: number;
  /** By label: how many of the class's images were refused, and how many it has. */
  classes: { refused: number; support: number }[];
}

/** How the model of a result tells what it does not know; null where it cannot, or was not asked. */
export function rejectIn({ info, judged }: Pick<TestResult, "info" | "judged">): Reject | null {
  return judged.novelty?.length ? rejectOf(info) : null;
}

/** Whether refusing is turned on or off is the reader's affair: this counts what the threshold says. */
export function refusalsOf(judged: Judged, threshold: number, count: number): Refusals {
  const { truth, predicted, novelty } = judged;
  const classes = Array.from({ length: count }, () => ({ refused: 0, support: 0 }));
  const counts = { rightRefused: 0, answered: 0, right: 0 };
  const images: number[] = [];
  truth.forEach((label, image) => {
    const row = classes[label];
    const right = predicted[image] === label ? 1 : 0;
    if (row) row.support += 1;
    if (isAbove(novelty[image], threshold)) {
      images.push(image);
      counts.rightRefused += right;
      if (row) row.refused += 1;
    } else {
      counts.answered += 1;
      counts.right += right;
    }
  });
  images.sort((a, b) => (novelty[b] ?? 0) - (novelty[a] ?? 0) || a - b);
  return { images, ...counts, classes };
}

/** Whether the model's answer to an image is *none of these*, while that is not turned off. */
export function isRefusedIn(result: TestResult, image: number): boolean {
  return isNone(result.judged.novelty?.[image], rejectIn(result)?.threshold);
}
