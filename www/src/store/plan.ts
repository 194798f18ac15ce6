/** What the next training will be: a preset and what the person changed in it. Kept while other pages are shown. */
import { computed, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { Preset, Recipe, SpecReport } from "../engine/types";
import { type Plan, train } from "./run";
import { currentDataset } from "./session";

export type PresetId = "classic" | "digits";
export type DeviceChoice = "auto" | "cpu";

export const presetIds: readonly PresetId[] = ["classic", "digits"];
export const presetId = signal<PresetId>("classic");
export const device = signal<DeviceChoice>("auto");
const presets = signal<Preset[]>([]);
const reports = signal<Partial<Record<PresetId, SpecReport>>>({});
const changes = signal<Partial<Recipe>>({});
/**
 * Held out where the preset holds out nothing (the classic recipe trains on every image): a page that shows how well a
 * net does needs images that it was not trained on.
 */
const VALIDATION_SHARE = 0.1;

export const preset = computed(() => presets.value.find(({ id }) => id === presetId.value) ?? null);
export const report = computed(() => reports.value[presetId.value] ?? null);
/** null until the worker has named its presets. */
export const recipe = computed<Recipe | null>(() => {
  const own = preset.value?.recipe;
  return own ? { ...own, validationShare: own.validationShare || VALIDATION_SHARE, ...changes.value } : null;
});

let asked: Promise<void> | null = null;

/** Asks for the presets and what they look like; once, and again after a failure. */
export function prepare(): Promise<void> {
  asked ??= ask().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

async function ask(): Promise<void> {
  presets.value = await train.presets();
  for (const { id, spec } of presets.value) {
    reports.value = { ...reports.value, [id]: await train.describe(spec) };
  }
}

export function choosePreset(id: PresetId): void {
  presetId.value = id;
  changes.value = {};
}

export function change(part: Partial<Recipe>): void {
  changes.value = { ...changes.value, ...part };
}

/** The plan as it stands; throws where the worker cannot be asked. */
export async function currentPlan(): Promise<Plan> {
  await prepare();
  const [chosen, withChanges] = [preset.value, recipe.value];
  if (!chosen || !withChanges) throw new EngineError("no-preset", "This network is not known.");
  return {
    dataset: currentDataset.value,
    spec: chosen.spec,
    recipe: withChanges,
    parameters: report.value?.parameters ?? null,
  };
}
