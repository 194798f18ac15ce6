import type { BatchSizes } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";

/** What is said below the batch size: what it is, or why the network cannot learn with it. */
export function batchHint(size: number | undefined, sizes: BatchSizes | undefined): string {
  const { batchHint: usual, batchTooLarge, batchTooSmall } = strings.value.train;
  if (size === undefined || !sizes) return usual;
  if (size > sizes.most) return batchTooLarge(whole(sizes.most));
  if (size < sizes.least) return batchTooSmall(whole(sizes.least));
  return usual;
}
