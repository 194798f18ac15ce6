import { useSignal } from "@preact/signals";
import type { LayerSpec } from "../../engine/types";
import { strings } from "../../i18n";
import { endStep } from "../../store/network";
import { layerTitle } from "../../ui/layer-title";
import { focusOn, layersNow, setLayers } from "./editing";
import { canBe, type Field, isFraction, type LayerKind, newLayer, settingOf, withValue } from "./layer-kinds";

interface LayerFieldProps {
  layer: LayerSpec;
  index: number;
  field: Field;
  wrong: boolean;
}

/** One number of a layer. What is being typed stays in the field; what can be asked about is tried at once. */
export function LayerField({ layer, index, field, wrong }: LayerFieldProps) {
  const typed = useSignal<string | null>(null);
  const { editor, layerFields } = strings.value;
  const name = layerFields[field];
  return (
    <label class="layer-field">
      <span>{name}</span>
      <input
        data-testid={`layer-${field}`}
        type="number"
        inputMode={isFraction(field) ? "decimal" : "numeric"}
        min={0}
        step={isFraction(field) ? 0.01 : 1}
        value={typed.value ?? settingOf(layer, field)}
        aria-label={editor.fieldOf(name, layerTitle(layer))}
        aria-invalid={wrong}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
          const value = currentTarget.valueAsNumber;
          if (canBe(field, value)) {
            setLayers(layersNow().with(index, withValue(layer, field, value)), `${index} ${field}`);
          }
        }}
        onBlur={() => {
          typed.value = null;
          endStep();
        }}
      />
    </label>
  );
}

/** Puts another layer of the same sort in a layer's place: to change one thing and watch. */
export function KindField({ layer, index, kinds }: { layer: LayerSpec; index: number; kinds: readonly LayerKind[] }) {
  const { editor } = strings.value;
  return (
    <label class="layer-field layer-field-kind">
      <span>{editor.kind}</span>
      <select
        data-testid="layer-kind"
        value={layer.kind}
        aria-label={editor.fieldOf(editor.kind, layerTitle(layer))}
        onChange={({ currentTarget }) => {
          const layers = layersNow();
          const fresh = newLayer(currentTarget.value as LayerKind, index, layers, 0);
          // What both have, stays.
          const { kind: _, ...kept } = layer;
          const same = Object.keys(kept).join() === Object.keys(fresh).slice(1).join();
          setLayers(layers.with(index, same ? ({ ...fresh, ...kept } as LayerSpec) : fresh));
          // The row is another one now.
          focusOn(index, "[data-testid=layer-kind]");
        }}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {kindName(kind)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** As short as a select needs it: the layer's own name, or where that takes numbers, the word for its kind. */
function kindName(kind: LayerKind): string {
  const { layerNames, terms } = strings.value;
  const name = layerNames[kind];
  return typeof name === "string" ? name : terms[kind].name;
}
