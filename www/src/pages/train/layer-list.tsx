import { useSignal, useSignalEffect } from "@preact/signals";
import type { LayerReport, LayerSpec, ModelSpec } from "../../engine/types";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import { preset, report } from "../../store/plan";
import { busy, runState } from "../../store/run";
import type { TermId } from "../../ui/formulas";
import { openTerm } from "../../ui/term";
import { LayerPicture } from "./layer-picture";

/** The network as a row of blocks, each with the shape that comes out of it. Folds away when a training begins. */
export function LayerList() {
  const open = useSignal(!busy.peek());
  useSignalEffect(() => {
    if (runState.value === "preparing") open.value = false;
  });
  const { train } = strings.value;
  const spec = preset.value?.spec;
  const layers = report.value?.layers;
  return (
    <details
      class="card layers"
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        <h2>{train.layers}</h2>
      </summary>
      <p class="muted small">{train.layersHint}</p>
      {spec && layers ? (
        <Blocks spec={spec} layers={layers} />
      ) : (
        <p class="muted layers-wait">{train.preparingLayers}</p>
      )}
    </details>
  );
}

function Blocks({ spec, layers }: { spec: ModelSpec; layers: LayerReport[] }) {
  const { train, layerNames } = strings.value;
  const { channels, height, width } = spec.input;
  const answers = layers.at(-1)?.shape ?? [];
  return (
    <ol class="blocks">
      <Block title={train.input} shape={[channels, height, width]} />
      {layers.map((layer, i) => {
        const asked = spec.layers[i];
        return (
          // The order is what the layers are known by.
          <Block
            key={`${i} ${layer.kind}`}
            title={asked ? layerTitle(asked) : layer.title}
            shape={layer.shape}
            parameters={layer.parameters}
            {...(asked && { term: asked.kind })}
          />
        );
      })}
      <Block title={layerNames.softmax} shape={answers} term="softmax" />
    </ol>
  );
}

interface BlockProps {
  title: string;
  /** `[channels, height, width]`, or `[length]`. */
  shape: number[];
  parameters?: number;
  term?: TermId;
}

function Block({ title, shape, parameters = 0, term }: BlockProps) {
  const { session, termOpen } = strings.value;
  const content = (
    <>
      <LayerPicture shape={shape} />
      <strong>{title}</strong>
      <span class="block-shape">{shapeText(shape)}</span>
      {parameters > 0 && <span class="muted small">{session.parameters(whole(parameters))}</span>}
    </>
  );
  return (
    <li data-testid="train-layer" data-shape={shape.join("x")} data-parameters={parameters}>
      {term ? (
        <button
          type="button"
          class="block"
          title={termOpen(title)}
          aria-haspopup="dialog"
          onClick={() => openTerm(term)}
        >
          {content}
        </button>
      ) : (
        <div class="block">{content}</div>
      )}
    </li>
  );
}

/** Height × width × channels, as people write it. */
function shapeText(shape: number[]): string {
  const [channels, height, width] = shape;
  return shape.length === 3 ? `${height} × ${width} × ${channels}` : shape.join(" × ");
}

function layerTitle(layer: LayerSpec): string {
  const { layerNames } = strings.value;
  switch (layer.kind) {
    case "conv":
      return layerNames.conv(layer.kernel, layer.filters);
    case "maxPool":
      return layerNames.maxPool(layer.size);
    case "dropout":
      return layerNames.dropout(percent(layer.rate, 0));
    case "dense":
      return layerNames.dense(layer.units);
    default:
      return layerNames[layer.kind];
  }
}
