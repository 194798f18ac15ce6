import type { DatasetId } from "../../engine/protocol";
import type { Device } from "../../engine/train";
import type { Recipe } from "../../engine/types";
import { strings } from "../../i18n";
import { datasetName } from "../../store/datasets";
import { recipe, spec } from "../../store/plan";
import { plan, runDevice } from "../../store/run";
import { currentDataset } from "../../store/session";
import { Icon } from "../../ui/icons";
import { folded, toggleSetup } from "./phase";
import { presetNames } from "./preset-names";

export interface InOneLine {
  /** As its file calls it. */
  network: string;
  dataset: DatasetId;
  recipe: Recipe;
  /** null until it is settled. */
  device: Device | null;
}

/** What is trained on what, by which recipe, on which device. */
export function lineOf({ network, dataset, recipe, device }: InOneLine): string {
  const { train, terms, device: devices } = strings.value;
  const names: Partial<Record<string, string>> = presetNames();
  const { optimizer, learningRate, batchSize, epochs } = recipe;
  return [
    train.lineWhat(Object.hasOwn(names, network) ? (names[network] ?? network) : network, datasetName(dataset)),
    train.lineRecipe(terms[optimizer.kind].name, String(learningRate), batchSize, epochs),
    ...(device ? [devices.names[device]] : []),
  ].join(" · ");
}

/** The folded set-up; it unfolds by one click. */
export function SetupLine() {
  const network = plan.value?.spec.name ?? spec.value?.name;
  const by = plan.value?.recipe ?? recipe.value;
  if (!network || !by) return null;
  const dataset = plan.value?.dataset ?? currentDataset.value;
  return (
    <button
      type="button"
      class="setup-line"
      data-testid="train-setup-line"
      aria-expanded={!folded.value}
      aria-controls="setup-body"
      onClick={toggleSetup}
    >
      <Icon name="unfold" />
      <span>{lineOf({ network, dataset, recipe: by, device: runDevice.value })}</span>
    </button>
  );
}
