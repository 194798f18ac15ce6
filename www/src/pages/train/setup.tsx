import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import {
  choosePreset,
  currentPlan,
  type DeviceChoice,
  device,
  type PresetId,
  presetId,
  presetIds,
  report,
} from "../../store/plan";
import { busy, start } from "../../store/run";
import { currentDataset } from "../../store/session";
import { RecipeFields } from "./recipe-fields";
import { Transport } from "./transport";

/** What will be trained, on what, and how; with the buttons that start and stop it. */
export function Setup() {
  const form = useRef<HTMLFormElement>(null);
  const more = useSignal(false);
  const { train } = strings.value;
  const begin = async () => {
    if (!form.current?.checkValidity()) {
      more.value = true;
      // The field that is wrong can only be pointed at once it is unfolded.
      requestAnimationFrame(() => form.current?.reportValidity());
      return;
    }
    await start(currentPlan);
  };
  return (
    <form ref={form} class="card setup" onSubmit={(event) => event.preventDefault()} noValidate>
      <fieldset class="setup-fields" disabled={busy.value}>
        <DatasetSelect />
        <PresetSelect />
        <DeviceSelect />
        <Parameters />
      </fieldset>
      <Transport onStart={begin} />
      <details
        class="more"
        open={more.value}
        onToggle={(event) => {
          more.value = event.currentTarget.open;
        }}
      >
        <summary data-testid="train-more">{train.more}</summary>
        <fieldset class="more-fields" disabled={busy.value}>
          <RecipeFields />
        </fieldset>
      </details>
    </form>
  );
}

function DatasetSelect() {
  const { train } = strings.value;
  return (
    <label class="field">
      <span>{train.dataset}</span>
      <select data-testid="train-dataset" value={currentDataset.value}>
        <option value="mnist">{train.datasetMnist}</option>
      </select>
    </label>
  );
}

function PresetSelect() {
  const { train } = strings.value;
  const names: Record<PresetId, string> = { classic: train.presetClassic, digits: train.presetDigits };
  return (
    <label class="field">
      <span>{train.preset}</span>
      <select
        data-testid="train-preset"
        value={presetId.value}
        onChange={(event) => choosePreset(event.currentTarget.value as PresetId)}
      >
        {presetIds.map((id) => (
          <option key={id} value={id}>
            {names[id]}
          </option>
        ))}
      </select>
    </label>
  );
}

function DeviceSelect() {
  const { train } = strings.value;
  return (
    <label class="field">
      <span>{train.device}</span>
      <select
        data-testid="train-device"
        value={device.value}
        title={train.deviceIsCpu}
        onChange={(event) => {
          device.value = event.currentTarget.value as DeviceChoice;
        }}
      >
        <option value="auto">{train.deviceAuto}</option>
        <option value="cpu">{train.deviceCpu}</option>
      </select>
    </label>
  );
}

function Parameters() {
  return (
    <p class="field setup-parameters">
      <span>{strings.value.train.parameters}</span>
      <output data-testid="train-parameters" data-count={report.value?.parameters ?? ""}>
        {report.value ? whole(report.value.parameters) : "…"}
      </output>
    </p>
  );
}
