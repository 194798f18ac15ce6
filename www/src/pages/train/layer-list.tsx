import { useSignalEffect } from "@preact/signals";
import type { LayerReport, ModelSpec } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { fetching } from "../../store/fetching";
import { problem, report, reportIsLate, shownSpec } from "../../store/plan";
import { busy, runState } from "../../store/run";
import { source } from "../../store/source";
import { FetchingLine } from "../../ui/fetching-line";
import type { TermId } from "../../ui/formulas";
import { Icon } from "../../ui/icons";
import { layerTitle, shapeText } from "../../ui/layer-title";
import { openTerm, Term } from "../../ui/term";
import { editing, layersOpen } from "./editing";
import { LayerEditor } from "./layer-editor";
import { LayerPicture } from "./layer-picture";
import { Problem } from "./layer-row";

/**
 * The network as a row of blocks, each with the shape that comes out of it; or, when asked for, as a list that can be
 * edited. Folds away when a training begins.
 */
export function LayerList() {
  useSignalEffect(() => {
    if (runState.value === "preparing") layersOpen.value = false;
  });
  const { train } = strings.value;
  const spec = shownSpec.value;
  const layers = report.value?.layers;
  return (
    <details
      class="card layers"
      open={layersOpen.value}
      onToggle={(event) => {
        layersOpen.value = event.currentTarget.open;
      }}
    >
      <summary>
        <h2>{train.layers}</h2>
      </summary>
      <Bar />
      {!spec || !layers ? (
        <div class="muted layers-wait">
          {fetching.value.trainer ? <FetchingLine what="trainer" /> : train.preparingLayers}
        </div>
      ) : editing.value && !fixed() ? (
        <LayerEditor />
      ) : (
        <>
          <Blocks spec={spec} layers={layers} />
          {problem.value && <Problem problem={problem.value} named />}
        </>
      )}
    </details>
  );
}

/** While it is trained, and where its weights come from a file, a network stays as it is. */
function fixed(): boolean {
  return busy.value || source.value !== null;
}

/** What to do here, what the network comes to, and the way into the editor and out of it. */
function Bar() {
  const { train, editor } = strings.value;
  const open = editing.value && !fixed();
  return (
    <div class="layers-bar">
      <p class="muted small">{open ? editor.hint : train.layersHint}</p>
      <Totals />
      <button
        type="button"
        class={open ? "button" : "button quiet"}
        data-testid="layer-edit"
        aria-pressed={open}
        disabled={fixed()}
        title={busy.value ? editor.busy : fixed() ? editor.ofFile : undefined}
        onClick={() => {
          editing.value = !editing.value;
        }}
      >
        <Icon name={open ? "check" : "edit"} />
        {open ? editor.done : editor.edit}
      </button>
    </div>
  );
}

function Totals() {
  const { train, terms } = strings.value;
  const count = problem.value ? null : (report.value?.multiplyAdds ?? null);
  return (
    <p class="layers-totals small" data-late={reportIsLate.value}>
      <Term id="multiplyAdds">{terms.multiplyAdds.name}</Term>{" "}
      <output data-testid="train-multiply-adds" data-count={count ?? ""}>
        {count === null ? "–" : whole(count)}
      </output>{" "}
      <span class="muted">{train.forOneImage}</span>
    </p>
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
      {!problem.value && <Block title={layerNames.softmax} shape={answers} term="softmax" />}
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
