/**
 * The network that is chosen: a preset, or what the person made of one. Every step can be taken back, and the choice
 * survives a reload.
 */
import { computed, effect, signal } from "@preact/signals";
import { MAX_LAYERS, PRESETS } from "../engine/constants";
import type { LayerSpec } from "../engine/types";

export type PresetId = (typeof PRESETS)[number];

/** A network of the person's own. `name` is empty until they give it one. */
export interface OwnNetwork {
  name: string;
  layers: LayerSpec[];
}

interface Choice {
  /** Whose recipe and preprocessing are used; with `own`, also what it began as. */
  preset: PresetId;
  own: OwnNetwork | null;
}

const KEY = "hearth.network";
const BEGIN: Choice = { preset: PRESETS[0], own: null };
/** More steps back than anyone takes. */
const MOST_STEPS = 200;

const choice = signal<Choice>(remembered() ?? BEGIN);
const before = signal<Choice[]>([]);
const after = signal<Choice[]>([]);
/** What the last step changed, while further changes to the same thing belong to that step. */
let open: string | null = null;

export const presetId = computed(() => choice.value.preset);
/** null: the preset as it is. */
export const own = computed(() => choice.value.own);
export const canUndo = computed(() => before.value.length > 0);
export const canRedo = computed(() => after.value.length > 0);

effect(() => remember(choice.value));

/** One step. Steps in a row with the same `what` count as one: typing 128 is not three changes. */
function step(next: Choice, what: string | null = null): void {
  if (what === null || what !== open) before.value = [...before.value, choice.value].slice(-MOST_STEPS);
  after.value = [];
  open = what;
  choice.value = next;
}

export function pickPreset(preset: PresetId): void {
  step({ preset, own: null });
}

export function editNetwork(network: OwnNetwork, what?: string): void {
  step({ ...choice.value, own: network }, what);
}

/** Away with the person's changes; a step like any other. */
export function backToPreset(): void {
  pickPreset(choice.value.preset);
}

/** The next change is a step of its own, even to the same thing. */
export function endStep(): void {
  open = null;
}

export function undo(): void {
  const last = before.value.at(-1);
  if (!last) return;
  after.value = [...after.value, choice.value];
  before.value = before.value.slice(0, -1);
  open = null;
  choice.value = last;
}

export function redo(): void {
  const next = after.value.at(-1);
  if (!next) return;
  before.value = [...before.value, choice.value];
  after.value = after.value.slice(0, -1);
  open = null;
  choice.value = next;
}

function remember(chosen: Choice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // Storage may be forbidden or full; the choice then lasts as long as the page.
  }
}

/** What was kept, as far as its outline is right; whether the layers are known, only the engine can say. */
function remembered(): Choice | null {
  try {
    const { preset, own: kept } = JSON.parse(localStorage.getItem(KEY) ?? "null") as Choice;
    if (!PRESETS.includes(preset)) return null;
    const whole =
      kept && typeof kept.name === "string" && Array.isArray(kept.layers) && kept.layers.length <= MAX_LAYERS;
    return { preset, own: whole ? { name: kept.name, layers: kept.layers } : null };
  } catch {
    return null;
  }
}
