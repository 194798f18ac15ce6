import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { PRESETS } from "../../engine/constants";
import { type DatasetId, isOwn } from "../../engine/protocol";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { address } from "../../router";
import { datasetName, factsOf, trainingObstacle } from "../../store/datasets";
import { own, type PresetId, presetId } from "../../store/network";
import { choosePreset, currentPlan, currentProblem, problem, report, reportIsLate } from "../../store/plan";
import { busy, start } from "../../store/run";
import { currentDataset } from "../../store/session";
import { source } from "../../store/source";
import { chooseDataset, DatasetOptions, modelTitle } from "../../ui/model-select";
import { Term } from "../../ui/term";
import { BeginWithField } from "./begin-with";
import { DeviceNote, DeviceSelect } from "./device";
import { pointAtProblem } from "./editing";
import { folded } from "./phase";
import { presetNames } from "./preset-names";
import { RecipeFields } from "./recipe-fields";
import { SetupLine } from "./setup-line";
import { Transport } from "./transport";

/** What will be trained, on what, and how; with the buttons that start and stop it. */
export function Setup() {
  const form = useRef<HTMLFormElement>(null);
  const more = useSignal(false);
  const { train } = strings.value;
  const begin = async () => {
    if (trainingObstacle(currentDataset.value)) return;
    if (!form.current?.checkValidity()) {
      more.value = true;
      // The field that is wrong can only be pointed at once it is unfolded.
      requestAnimationFrame(() => form.current?.reportValidity());
      return;
    }
    // What is on view is known to fit; only a change of a moment ago has to be asked about first.
    if (own.value && reportIsLate.value ? await currentProblem().catch(() => null) : problem.value) {
      pointAtProblem();
      return;
    }
    await start(currentPlan);
  };
  return (
    <form
      ref={form}
      class="card setup"
      data-folded={folded.value}
      onSubmit={(event) => event.preventDefault()}
      noValidate
    >
      {busy.value && <SetupLine />}
      <Transport onStart={begin} />
      <div id="setup-body" class="setup-body" hidden={folded.value}>
        <div class="setup-fields">
          <DatasetSelect />
          <PresetSelect />
          <DeviceSelect />
          <Parameters />
        </div>
        <DeviceNote />
        <Obstacle />
        <details
          class="more"
          open={more.value}
          onToggle={(event) => {
            more.value = event.currentTarget.open;
          }}
        >
          <summary data-testid="train-more">{train.more}</summary>
          <div class="more-fields">
            <BeginWithField />
            <RecipeFields />
          </div>
        </details>
      </div>
    </form>
  );
}

/** What the data lack before anything can be trained on them, and the way to it. */
function Obstacle() {
  const { train } = strings.value;
  const obstacle = trainingObstacle(currentDataset.value);
  if (!obstacle || busy.value) return null;
  return (
    <p class="test-failure" role="alert" data-testid="train-obstacle">
      {train.obstacles[obstacle]} <a href={address("data")}>{train.toData}</a>
    </p>
  );
}

function DatasetSelect() {
  const { train } = strings.value;
  return (
    <label class="field">
      <span>{train.dataset}</span>
      <select data-testid="train-dataset" disabled={busy.value} value={currentDataset.value} onChange={chooseDataset}>
        <DatasetOptions name={titleOf} />
      </select>
    </label>
  );
}

function titleOf(id: DatasetId): string {
  const { train } = strings.value;
  if (!isOwn(id)) return { mnist: train.datasetMnist, "fashion-mnist": train.datasetFashion }[id];
  const { train: images, validation } = factsOf(id);
  return train.datasetOwn(datasetName(id), images + validation, whole(images + validation));
}

/** What the select says of a network that is no preset. */
const OWN = "custom";
/** And of one that comes with the weights that the training begins with. */
const FILE = "file";

function PresetSelect() {
  const { train } = strings.value;
  const names = presetNames();
  return (
    <label class="field">
      <span>{train.preset}</span>
      <select
        data-testid="train-preset"
        disabled={busy.value || source.value !== null}
        value={source.value ? FILE : own.value ? OWN : presetId.value}
        onChange={(event) => choosePreset(event.currentTarget.value as PresetId)}
      >
        {source.value && <option value={FILE}>{train.presetFile(modelTitle(source.value.model))}</option>}
        {own.value && <option value={OWN}>{own.value.name || train.presetOwn(names[presetId.value])}</option>}
        {PRESETS.map((id) => (
          <option key={id} value={id}>
            {names[id]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Parameters() {
  // Of a network that does not fit, only a part would be counted.
  const count = problem.value ? null : report.value?.parameters;
  return (
    <p class="field setup-parameters">
      <Term id="parameters">{strings.value.train.parameters}</Term>
      <output data-testid="train-parameters" data-count={count ?? ""} data-late={reportIsLate.value}>
        {count === undefined ? "…" : count === null ? "–" : whole(count)}
      </output>
    </p>
  );
}
