import type { TestImages } from "../../engine/protocol";
import { strings } from "../../i18n";
import { datasetName } from "../../store/datasets";

/** The dataset, and its split where that is not the test's. */
export function datasetTitle({ dataset, split }: Pick<TestImages, "dataset" | "split">): string {
  const name = datasetName(dataset);
  return split === "test" ? name : `${name} (${strings.value.test.resultSplits[split]})`;
}
