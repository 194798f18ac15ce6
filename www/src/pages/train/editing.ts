/** The editor's own state, and the changes that are made with it. */
import { signal } from "@preact/signals";
import type { LayerSpec } from "../../engine/types";
import { strings } from "../../i18n";
import { editNetwork, own } from "../../store/network";
import { classes, spec } from "../../store/plan";
import { busy } from "../../store/run";
import { layerTitle } from "../../ui/layer-title";
import { type LayerKind, newLayer } from "./layer-kinds";

/** Whether the card with the layers is unfolded. */
export const layersOpen = signal(!busy.peek());
export const editing = signal(false);
/** The last change in words, for those who do not see it. */
export const said = signal("");
/** Where the menu adds a layer; null while it is closed. */
export const addingAt = signal<number | null>(null);

export const layersNow = (): LayerSpec[] => spec.value?.layers ?? [];

/** `what`: changes in a row to the same thing are one step back. */
export function setLayers(layers: LayerSpec[], what?: string): void {
  editNetwork({ name: own.value?.name ?? "", layers }, what);
}

export function setName(name: string): void {
  editNetwork({ name, layers: layersNow() }, "name");
}

export function addLayer(kind: LayerKind, place: number): void {
  const layer = newLayer(kind, place, layersNow(), classes.value);
  setLayers(layersNow().toSpliced(place, 0, layer));
  said.value = strings.value.editor.added(layerTitle(layer));
  focusOn(place, "input, select, button");
}

export function removeLayer(index: number): void {
  const layers = layersNow();
  const gone = layers[index];
  if (!gone) return;
  setLayers(layers.toSpliced(index, 1));
  said.value = strings.value.editor.removed(layerTitle(gone));
  // To where the next one has come, or back to the last.
  // Where none is left, in the row of the image, to add one.
  focusOn(Math.min(index, layers.length - 2), layers.length > 1 ? "[data-testid=layer-remove]" : "button");
}

/** Moves a layer by one place; the focus goes with it. */
export function moveLayer(index: number, by: -1 | 1): void {
  const layers = layersNow();
  const [moved, place] = [layers[index], index + by];
  if (!moved || place < 0 || place >= layers.length) return;
  setLayers(layers.toSpliced(index, 1).toSpliced(place, 0, moved));
  said.value = strings.value.editor.moved(layerTitle(moved), place + 1, layers.length);
  focusOn(place, by < 0 ? "[data-testid=layer-up]" : "[data-testid=layer-down]");
}

/** The first of what `within` selects in the row at `index` (−1: the image's), once the change has been drawn. */
export function focusOn(index: number, within: string): void {
  requestAnimationFrame(() => {
    document.querySelector(`.layer-rows [data-row="${index}"]`)?.querySelector<HTMLElement>(within)?.focus();
  });
}

/** Shows what does not fit, where it does not. */
export function pointAtProblem(): void {
  layersOpen.value = true;
  editing.value = true;
  requestAnimationFrame(() => document.querySelector<HTMLElement>(".layer-problem")?.focus());
}
