import type { ComponentChildren } from "preact";
import type { LayerReport, LayerSpec } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { classes, type NetworkProblem, report, reportIsLate, spec } from "../../store/plan";
import { source } from "../../store/source";
import { Icon } from "../../ui/icons";
import { layerTitle, shapeText } from "../../ui/layer-title";
import { Term } from "../../ui/term";
import { addingAt, focusOn, moveLayer, removeLayer, setLayers } from "./editing";
import { KindField, LayerField } from "./layer-field";
import { FIELDS, GROUPS, type LayerKind } from "./layer-kinds";
import { LayerPicture } from "./layer-picture";
import { problemText } from "./layer-problem";
import { repairOf } from "./layer-repairs";

interface LayerRowProps {
  layer: LayerSpec;
  index: number;
  /** How many layers there are. */
  of: number;
  /** Absent where the layer does not fit, or one before it does not. */
  fits: LayerReport | undefined;
  problem: NetworkProblem | null;
}

/** One layer: what it is, what can be set, what comes out of it, and what can be done with it. */
export function LayerRow({ layer, index, of, fits, problem }: LayerRowProps) {
  const name = layerTitle(layer);
  const kin = kinOf(layer.kind);
  return (
    <li
      class="layer-row"
      data-row={index}
      data-testid="layer-row"
      data-index={index}
      data-kind={layer.kind}
      data-shape={fits?.shape.join("x") ?? ""}
      data-parameters={fits?.parameters ?? ""}
      data-multiply-adds={fits?.multiplyAdds ?? ""}
      data-wrong={problem !== null}
    >
      <RowHead shape={fits?.shape}>
        <Term id={layer.kind}>{name}</Term>
      </RowHead>
      {(kin || FIELDS[layer.kind].length > 0) && (
        <div class="layer-fields">
          {kin && <KindField layer={layer} index={index} kinds={kin} />}
          {FIELDS[layer.kind].map((field) => (
            <LayerField key={field} layer={layer} index={index} field={field} wrong={concerns(problem, field)} />
          ))}
        </div>
      )}
      {fits && <RowFacts shape={fits.shape} parameters={fits.parameters} multiplyAdds={fits.multiplyAdds} />}
      <div class="layer-actions">
        <AddButton after={name} place={index + 1} />
        <MoveButton name={name} index={index} by={-1} possible={index > 0} />
        <MoveButton name={name} index={index} by={1} possible={index < of - 1} />
        <RemoveButton name={name} index={index} />
      </div>
      {problem && <Problem problem={problem} />}
    </li>
  );
}

/** Layers that stand in for one another. */
function kinOf(kind: LayerKind): readonly LayerKind[] | undefined {
  return GROUPS.find(([group, kinds]) => ["activation", "shrink"].includes(group) && kinds.includes(kind))?.[1];
}

/** Whether a problem lies in this number. */
function concerns(problem: NetworkProblem | null, field: string): boolean {
  if (!problem) return false;
  const { misfit } = problem;
  switch (misfit.kind) {
    case "windowTooLarge":
      return field === "kernel" || field === "size";
    case "paddingTooWide":
      return field === "padding";
    case "tooSmall":
    case "tooLarge":
      return field === misfit.what;
    case "dropoutRate":
      return field === "rate";
    case "slope":
      return field === "slope";
    case "parameters":
    case "activations":
    case "classes":
      return field === "filters" || field === "units";
    default:
      return false;
  }
}

export function RowHead({ shape, children }: { shape: number[] | undefined; children: ComponentChildren }) {
  return (
    <div class="layer-head">
      <span class="layer-small-picture">{shape && <LayerPicture shape={shape} />}</span>
      <strong>{children}</strong>
    </div>
  );
}

interface RowFactsProps {
  shape: number[];
  parameters?: number;
  multiplyAdds?: number;
}

export function RowFacts({ shape, parameters = 0, multiplyAdds = 0 }: RowFactsProps) {
  const { session, train } = strings.value;
  return (
    <p class="layer-facts" data-late={reportIsLate.value}>
      <span class="layer-shape">{shapeText(shape)}</span>
      {parameters > 0 && <span class="muted">{session.parameters(whole(parameters))}</span>}
      {multiplyAdds > 0 && <span class="muted">{train.multiplyAdds(whole(multiplyAdds))}</span>}
    </p>
  );
}

export function AddButton({ after, place }: { after: string; place: number }) {
  const label = strings.value.editor.add(after);
  return (
    <button
      type="button"
      class="icon-button"
      data-testid="layer-add"
      aria-label={label}
      title={label}
      aria-haspopup="dialog"
      onClick={() => {
        addingAt.value = place;
      }}
    >
      <Icon name="add" />
    </button>
  );
}

interface MoveButtonProps {
  name: string;
  index: number;
  by: -1 | 1;
  possible: boolean;
}

function MoveButton({ name, index, by, possible }: MoveButtonProps) {
  const { editor } = strings.value;
  const way = by < 0 ? "up" : "down";
  return (
    // Not `disabled`: a layer that has come to the end must not lose the focus there.
    <button
      type="button"
      class="icon-button"
      data-testid={`layer-${way}`}
      aria-label={editor[way](name)}
      title={editor[way](name)}
      aria-disabled={!possible}
      onClick={() => moveLayer(index, by)}
    >
      <Icon name={way} />
    </button>
  );
}

function RemoveButton({ name, index }: { name: string; index: number }) {
  const label = strings.value.editor.remove(name);
  return (
    <button
      type="button"
      class="icon-button"
      data-testid="layer-remove"
      aria-label={label}
      title={label}
      onClick={() => removeLayer(index)}
    >
      <Icon name="clear" />
    </button>
  );
}

interface ProblemProps {
  problem: NetworkProblem;
  /** Names the layer, where the problem does not stand beside it. */
  named?: boolean;
}

/** What does not fit, at the layer concerned, and what would repair it. */
export function Problem({ problem, named = false }: ProblemProps) {
  const layer = spec.value?.layers[problem.layer];
  // The layers of a file are what they are.
  const mendable = source.value ? null : spec.value;
  const repair = mendable && report.value && repairOf(problem, mendable, report.value, classes.value);
  return (
    <div
      class="layer-problem"
      data-testid="layer-problem"
      data-layer={problem.layer}
      data-misfit={problem.misfit.kind}
      tabIndex={-1}
    >
      <p role="status">
        {named && layer && <strong>{`${problem.layer + 1}. ${layerTitle(layer)} — `}</strong>}
        {problemText(problem)}
      </p>
      {repair && (
        <button
          type="button"
          class="button"
          data-testid="layer-fix"
          // Of what the network was a moment ago: not again.
          disabled={reportIsLate.value}
          onClick={() => {
            setLayers(repair.layers);
            focusOn(Math.min(problem.layer, repair.layers.length - 1), "button");
          }}
        >
          {repair.label}
        </button>
      )}
    </div>
  );
}
