/** The ways into a dataset of one's own. */
import type { BuiltInId } from "../../engine/protocol";
import { strings } from "../../i18n";
import { datasetName, factsOf } from "../../store/datasets";
import { configure } from "../../store/own/changes";
import { copyBuiltIn } from "../../store/own/importing";
import { newDataset } from "../../store/own/list";
import { writableSoon } from "../../store/own/take-in";

/** Classes that a new dataset begins with: their names are there to be changed. */
const CLASSES = 3;

/** An empty dataset with a few classes, whose names are the next thing to be typed. */
export async function makeOwn(): Promise<void> {
  const { newClass } = strings.peek().data;
  await newDataset(
    undefined,
    Array.from({ length: CLASSES }, (_, n) => newClass(n + 1)),
  );
}

/** An own dataset with the first `perClass` images of each class in each split of a built-in one; null: all. */
export async function copyToOwn(from: BuiltInId, perClass: number | null): Promise<void> {
  const id = await newDataset(strings.peek().data.copyOf(datasetName(from)));
  if (!id) return;
  await writableSoon(id);
  const { channels, height, fit } = factsOf(from);
  await configure({ input: { channels: channels as 1 | 3, side: height }, fit }, strings.peek().data.did.settings);
  await copyBuiltIn(from, perClass);
}
