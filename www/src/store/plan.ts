/** What the next training will be: a network, and a recipe with what the person changed in it. Kept while other pages are shown. */
import { computed, effect, signal } from "@preact/signals";
import { OPTIMIZERS, PRESETS } from "../engine/constants";
import { EngineError } from "../engine/error";
import type { DatasetId } from "../engine/protocol";
import type {
  Augmentation,
  ImageShape,
  LayerSpec,
  Misfit,
  ModelSpec,
  OptimizerSpec,
  Preset,
  Recipe,
  RollingValidation,
  SpecReport,
} from "../engine/types";
import { strings } from "../i18n";
import { factsOf } from "./datasets";
import type { Network } from "./device";
import { backToPreset, own, type PresetId, pickPreset, presetId } from "./network";
import { busy, type Plan, plan, train } from "./run";
import { currentDataset } from "./session";
import { beginWith, source } from "./source";
import { toast } from "./toasts";

/** What a person changed in a recipe. `null` takes away what may be missing: an `undefined` would not override. */
type Changes = Partial<Omit<Recipe, "augmentation">> & { augmentation?: Augmentation | null };

/** A layer that does not fit (from 0), and why. The dataset has its say as well: there is one unit for each class. */
export interface NetworkProblem {
  layer: number;
  misfit:
    | Misfit
    | { kind: "classes"; found: number; wanted: number }
    | { kind: "dataShape"; found: string; wanted: string };
}

const presets = signal<Preset[]>([]);
const changes = signal<Changes>({});
/**
 * Held out where the preset holds out nothing (the classic recipe trains on every image): a page that shows how well a
 * net does needs images that it was not trained on.
 */
const VALIDATION_SHARE = 0.1;
/** A description is asked for when typing has paused this long. */
const DESCRIBE_AFTER_MS = 120;

export const preset = computed(() => presets.value.find(({ id }) => id === presetId.value) ?? null);
/** How many units the last layer needs. */
export const classes = computed(() => factsOf(currentDataset.value).classes);
/** The chosen network, or that of the file that the training begins with. null until the worker has named its presets. */
export const spec = computed<ModelSpec | null>(() => {
  if (source.value) return source.value.info.spec;
  const from = preset.value?.spec;
  if (!from) return null;
  const dataset = currentDataset.value;
  if (!own.value) return adapted(from, dataset);
  const { name, layers } = own.value;
  return { ...from, input: inputOf(dataset), name: name || `${from.name}-own`, layers };
});
/** Whether what is trained here takes photos; otherwise it takes what is drawn. */
export const takesPhotos = computed(
  () =>
    typeof (busy.value && plan.value ? plan.value.spec.preprocessing.fit : factsOf(currentDataset.value).fit) ===
    "object",
);
/** The network that is on view: a run's own while it goes on. */
export const shownSpec = computed(() => (busy.value && plan.value ? plan.value.spec : spec.value));
export const recipe = computed<Recipe | null>(() => {
  // A training that is resumed keeps its recipe, but that it may be given more epochs.
  const begun = beginWith.value === "training" ? source.value?.info : undefined;
  if (begun?.recipe) {
    const least = begun.history.length + 1;
    return { ...begun.recipe, epochs: Math.max(least, changes.value.epochs ?? begun.recipe.epochs) };
  }
  const given = preset.value?.recipe;
  if (!given) return null;
  const { augmentation, ...rest } = { ...given, ...changes.value };
  return {
    ...rest,
    // A dataset that says which images are for validation has nothing held out of its others.
    validationShare: factsOf(currentDataset.value).validation
      ? 0
      : (changes.value.validationShare ?? (given.validationShare || VALIDATION_SHARE)),
    ...(given.rollingValidation && {
      rollingValidation: evenly(given.rollingValidation, given.batchSize / rest.batchSize),
    }),
    ...(augmentation && { augmentation }),
  };
});
/** What decides, with the adapter, where the next training runs. */
export const network = computed<Network | null>(() =>
  spec.value && recipe.value ? { spec: spec.value, recipe: recipe.value } : null,
);
/** The loss that the figures on view are of: the last run's, or what the next will have. */
export const shownLoss = computed(() => plan.value?.recipe.loss ?? recipe.value?.loss ?? "crossEntropy");
/** `factor` times as rarely: as many images then lie between two verdicts, whatever the batch size. */
function evenly({ every, images }: RollingValidation, factor: number): RollingValidation {
  return { every: every === 0 ? 0 : Math.max(1, Math.round(every * factor)), images };
}

/** How images are varied where a person asks for it: as for the network that is made for drawn digits. */
export const handwriting = computed(() => presets.value.find(({ recipe }) => recipe.augmentation)?.recipe.augmentation);

interface Described {
  of: ModelSpec;
  report: SpecReport;
}

const described = signal<Described | null>(null);
/** Of the network on view, or of what it was a moment ago: see `reportIsLate`. */
export const report = computed(() => described.value?.report ?? null);
export const reportIsLate = computed(() => described.value?.of !== shownSpec.value);
export const problem = computed<NetworkProblem | null>(() => described.value && problemOf(described.value));

const known = new WeakMap<ModelSpec, SpecReport>();
let asked: Promise<void> | null = null;
let waiting: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  const shown = shownSpec.value;
  clearTimeout(waiting);
  if (!shown) return;
  const report = known.get(shown);
  if (report) described.value = { of: shown, report };
  else waiting = setTimeout(() => void describeShown(shown), DESCRIBE_AFTER_MS);
});

async function describeShown(shown: ModelSpec): Promise<void> {
  try {
    const report = await describe(shown);
    // An answer that has been overtaken is dropped.
    if (shownSpec.value === shown) described.value = { of: shown, report };
  } catch (error) {
    // A network that was kept by another version of the page, and that this one cannot read.
    if (EngineError.from(error).code !== "wrong-type" || shownSpec.value !== shown) return;
    backToPreset();
    toast("error", strings.value.editor.notKnown);
  }
}

async function describe(asked: ModelSpec): Promise<SpecReport> {
  const report = known.get(asked) ?? (await train.describe(asked));
  known.set(asked, report);
  return report;
}

function problemOf({ of, report }: Described): NetworkProblem | null {
  if (report.problem) return { layer: report.problem.layer, misfit: report.problem.misfit };
  // A file's network may take other images; the editor's take the dataset's.
  const size = ({ height, width, channels }: ImageShape) => `${height} × ${width} × ${channels}`;
  const wanted = size(factsOf(currentDataset.value));
  if (size(of.input) !== wanted) return { layer: -1, misfit: { kind: "dataShape", found: size(of.input), wanted } };
  const last = of.layers.at(-1);
  const found = last?.kind === "dense" ? last.units : 0;
  if (found === classes.value) return null;
  return { layer: of.layers.length - 1, misfit: { kind: "classes", found, wanted: classes.value } };
}

effect(() => {
  // A network for small grey digits is no beginning for photos; what a person has chosen or made stays.
  const photos = typeof factsOf(currentDataset.value).fit === "object";
  if (own.peek()) return;
  if (photos && presetId.peek() === PRESETS[0]) pickPreset("photos");
  if (!photos && presetId.peek() === "photos") pickPreset(PRESETS[0]);
});

/** Asks for the presets and what they look like; once, and again after a failure. */
export function prepare(): Promise<void> {
  asked ??= ask().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

async function ask(): Promise<void> {
  const list = await train.presets();
  // Described before they are named: choosing one then shows it at once.
  await Promise.all(list.map(({ spec }) => describe(spec)));
  presets.value = list;
}

export function choosePreset(id: PresetId): void {
  pickPreset(id);
  changes.value = {};
}

export function change(part: Changes): void {
  changes.value = { ...changes.value, ...part };
}

/** The optimiser with the learning rate that suits it: what suits Adam would hardly move SGD. */
export function chooseOptimizer(kind: OptimizerSpec["kind"]): void {
  const given = preset.value?.recipe;
  const own = given?.optimizer.kind === kind;
  change(own ? { optimizer: given.optimizer, learningRate: given.learningRate } : OPTIMIZERS[kind]);
}

/**
 * What `layers` come to in place of the chosen network's.
 *
 * @throws EngineError `wrong-type` where they are no layers.
 */
export async function describeLayers(layers: LayerSpec[]): Promise<SpecReport> {
  await prepare();
  if (!spec.value) throw new EngineError("no-preset", "This network is not known.");
  return train.describe({ ...spec.value, layers });
}

/** Why the chosen network cannot be trained, or null. */
export async function currentProblem(): Promise<NetworkProblem | null> {
  await prepare();
  const chosen = spec.value;
  return chosen && problemOf({ of: chosen, report: await describe(chosen) });
}

/** The plan as it stands; throws where the worker cannot be asked. */
export async function currentPlan(): Promise<Plan> {
  await prepare();
  const [chosen, withChanges] = [spec.value, recipe.value];
  if (!chosen || !withChanges) throw new EngineError("no-preset", "This network is not known.");
  const { parameters } = await describe(chosen);
  const from = source.value;
  const dataset = currentDataset.value;
  return {
    dataset,
    spec: from ? chosen : fitted(chosen, dataset),
    recipe: withChanges,
    parameters,
    ...(from && { from: from.onnx, resume: beginWith.value === "training" }),
  };
}

/** A preset for the images of a dataset: their size, and a unit for each of their classes. */
function adapted(from: ModelSpec, dataset: DatasetId): ModelSpec {
  const { input, layers } = from;
  const last = layers.at(-1);
  const units = factsOf(dataset).classes;
  const fits = isDeepEqual(input, inputOf(dataset)) && last?.kind === "dense" && last.units === units;
  if (fits || last?.kind !== "dense") return from;
  return { ...from, input: inputOf(dataset), layers: [...layers.slice(0, -1), { ...last, units: Math.max(units, 2) }] };
}

function inputOf(dataset: DatasetId): ImageShape {
  const { channels, height, width } = factsOf(dataset);
  return { channels, height, width };
}

/** Of plain data. */
function isDeepEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What is drawn for the net later must be brought to the likeness of what it learned from. */
function fitted(chosen: ModelSpec, dataset: DatasetId): ModelSpec {
  const { preprocessing } = chosen;
  const { fit } = factsOf(dataset);
  return isDeepEqual(preprocessing.fit, fit) ? chosen : { ...chosen, preprocessing: { ...preprocessing, fit } };
}
