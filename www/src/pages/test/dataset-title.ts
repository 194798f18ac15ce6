import type { DatasetId, TestImages } from "../../engine/protocol";
import { strings } from "../../i18n";

export function datasetName(id: DatasetId): string {
  const { session } = strings.value;
  return { mnist: session.mnist, "fashion-mnist": session.fashionMnist }[id];
}

/** The dataset, and its split where that is not the test's. */
export function datasetTitle({ dataset, split }: Pick<TestImages, "dataset" | "split">): string {
  const name = datasetName(dataset);
  return split === "test" ? name : `${name} (${strings.value.test.resultTrain})`;
}
