import { strings } from "../../i18n";
import { backToPreset, canRedo, canUndo, endStep, own, redo, undo } from "../../store/network";
import { type NetworkProblem, problem, report, spec } from "../../store/plan";
import { Icon } from "../../ui/icons";
import { Term } from "../../ui/term";
import { said, setName } from "./editing";
import { copyLayers, LayerJson, pasteLayers } from "./layer-json";
import { LayerMenu } from "./layer-menu";
import { AddButton, LayerRow, Problem, RowFacts, RowHead } from "./layer-row";

/** The chosen network as a list of rows that can be changed. */
export function LayerEditor() {
  return (
    <div class="layer-editor">
      <Tools />
      <Rows />
      <p class="unseen" role="status">
        {said.value}
      </p>
      <LayerMenu />
      <LayerJson />
    </div>
  );
}

function Tools() {
  const { editor } = strings.value;
  const edited = own.value !== null;
  return (
    <fieldset class="layer-tools" aria-label={editor.tools}>
      <label class="layer-name">
        <span>{editor.name}</span>
        <input
          type="text"
          data-testid="layers-name"
          maxLength={40}
          autocomplete="off"
          spellcheck={false}
          value={own.value?.name ?? ""}
          placeholder={spec.value?.name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
          onBlur={endStep}
        />
      </label>
      <button
        type="button"
        class="button quiet"
        data-testid="layers-undo"
        aria-disabled={!canUndo.value}
        onClick={undo}
      >
        <Icon name="undo" />
        {editor.undo}
      </button>
      <button
        type="button"
        class="button quiet"
        data-testid="layers-redo"
        aria-disabled={!canRedo.value}
        onClick={redo}
      >
        <Icon name="redo" />
        {editor.redo}
      </button>
      <button
        type="button"
        class="button quiet"
        data-testid="layers-reset"
        aria-disabled={!edited}
        onClick={() => {
          if (edited) backToPreset();
        }}
      >
        <Icon name="reset" />
        {editor.reset}
      </button>
      <button type="button" class="button quiet" data-testid="layers-copy" onClick={() => void copyLayers()}>
        <Icon name="copy" />
        {editor.copy}
      </button>
      <button type="button" class="button quiet" data-testid="layers-paste" onClick={() => void pasteLayers()}>
        <Icon name="paste" />
        {editor.paste}
      </button>
    </fieldset>
  );
}

function Rows() {
  const { editor, train, layerNames } = strings.value;
  const network = spec.value;
  if (!network) return null;
  const { layers, input } = network;
  const shape = [input.channels, input.height, input.width];
  const wrong = problem.value;
  const here = (index: number): NetworkProblem | null => (wrong?.layer === index && layers[index] ? wrong : null);
  const about = wrong && ["channels", "inputSize", "dataShape"].includes(wrong.misfit.kind);
  const fits = report.value?.layers ?? [];
  return (
    <ol class="layer-rows" aria-label={editor.rows}>
      <li class="layer-row layer-row-fixed" data-row={-1}>
        <RowHead shape={shape}>{train.input}</RowHead>
        <p class="layer-fields muted small">{editor.inputHint}</p>
        <RowFacts shape={shape} />
        <div class="layer-actions">
          <AddButton after={train.input} place={0} />
        </div>
        {about && <Problem problem={wrong} />}
      </li>
      {layers.map((layer, index) => (
        <LayerRow
          // The order is what the layers are known by.
          key={`${index} ${layer.kind}`}
          layer={layer}
          index={index}
          of={layers.length}
          // A report that is late may still be of other layers.
          fits={fits[index]?.kind === layer.kind ? fits[index] : undefined}
          problem={about ? null : here(index)}
        />
      ))}
      <li class="layer-row layer-row-fixed" data-row={layers.length}>
        <RowHead shape={wrong ? undefined : fits.at(-1)?.shape}>
          <Term id="softmax">{layerNames.softmax}</Term>
        </RowHead>
        <p class="layer-fields muted small">{editor.headHint}</p>
        {!wrong && fits.length > 0 && <RowFacts shape={fits.at(-1)?.shape ?? []} />}
        {wrong && !about && !layers[wrong.layer] && <Problem problem={wrong} />}
      </li>
    </ol>
  );
}
