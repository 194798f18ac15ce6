import { useEffect } from "preact/hooks";
import type { Compared, LayerSpec, SelfTest } from "../../engine/types";
import { strings } from "../../i18n";
import { explainFault } from "../../i18n/fault";
import { magnitude, whole } from "../../i18n/format";
import {
  type Adapter,
  adapter,
  chooseDevice,
  type DeviceChoice,
  deviceChoice,
  findAdapter,
  foresee,
  forget,
  found,
  type Verdict,
} from "../../store/device";
import { network } from "../../store/plan";
import { busy, verdict } from "../../store/run";
import { layerTitle } from "../../ui/layer-title";

/** The devices to choose from, with the adapter that WebGPU would train on. */
export function DeviceSelect() {
  useEffect(() => {
    void findAdapter();
  }, []);
  const { train, device } = strings.value;
  const missing = typeof found.value === "string" ? found.value : null;
  return (
    <div class="field">
      <label for="train-device">{train.device}</label>
      <select
        id="train-device"
        data-testid="train-device"
        disabled={busy.value}
        value={deviceChoice.value}
        {...(adapter.value && { "aria-describedby": "train-adapter" })}
        onChange={(event) => chooseDevice(event.currentTarget.value as DeviceChoice)}
      >
        <option value="auto">{train.deviceAuto}</option>
        <option value="cpu">{train.deviceCpu}</option>
        <option value="webgpu" disabled={missing !== null}>
          {missing ? device.missing[missing] : train.deviceWebgpu}
        </option>
      </select>
      {adapter.value && (
        <small id="train-adapter" class="muted" data-testid="train-adapter" data-software={adapter.value.software}>
          {adapter.value.software ? device.softwareAdapter(named(adapter.value)) : named(adapter.value)}
        </small>
      )}
    </div>
  );
}

/** Where the run trains, or the next one would, and why; with the test that decided it. */
export function DeviceNote() {
  const { device } = strings.value;
  const shown = shownVerdict();
  const text = shown ? sentence(shown) : adapter.value ? device.untried : "";
  const tested = shown && "selfTest" in shown ? shown : null;
  const tried = shown && "network" in shown ? shown : null;
  return (
    <div
      class="device-note"
      data-testid="train-device-note"
      data-device={shown?.device ?? ""}
      data-why={shown?.device === "cpu" ? shown.why : ""}
    >
      <p role="status" class="muted">
        {text}
      </p>
      {tried?.device === "cpu" && !busy.value && (
        <button
          type="button"
          class="button quiet"
          data-testid="train-device-retry"
          onClick={() => forget(tried.network)}
        >
          {device.retry}
        </button>
      )}
      {adapter.value && deviceChoice.value !== "cpu" && (
        <details>
          <summary data-testid="train-self-test">{device.selfTest}</summary>
          <p class="self-test">{device.selfTestText}</p>
          {tested && <SelfTestTable selfTest={tested.selfTest} layers={tested.network.spec.layers} />}
        </details>
      )}
    </div>
  );
}

function SelfTestTable({ selfTest, layers }: { selfTest: SelfTest; layers: LayerSpec[] }) {
  const { device } = strings.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="self-test" tabIndex={0} aria-label={device.selfTest}>
      <table data-testid="train-trial" data-agrees={selfTest.agrees}>
        <thead>
          <tr>
            <th scope="col">{device.compared}</th>
            <th scope="col">{device.error}</th>
            <th scope="col">{device.allowed}</th>
          </tr>
        </thead>
        <tbody>
          {selfTest.compared.map((one) => (
            <tr
              key={`${one.what} ${one.weight ?? ""}`}
              data-testid="train-trial-row"
              data-what={one.what}
              data-weight={one.weight ?? ""}
              data-agrees={one.error <= one.allowed}
            >
              <th scope="row">{quantity(one, layers)}</th>
              <td>{magnitude(one.error)}</td>
              <td>{magnitude(one.allowed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="muted small">{device.errorHint}</p>
    </section>
  );
}

/** The run's own while it goes on and after it, until something else is chosen. */
function shownVerdict(): Verdict | null {
  const { value: of } = verdict;
  const next = foresee(network.value);
  if (!of || busy.value) return of ?? (busy.value ? null : next);
  return of.device === "cpu" && of.why === "lost" && deviceChoice.value !== "cpu" ? of : next;
}

function named({ name }: Adapter): string {
  return name || strings.value.device.unnamed;
}

function sentence(shown: Verdict): string {
  const { device } = strings.value;
  if (shown.device === "webgpu") {
    const { gpuImagesPerSecond, cpuImagesPerSecond } = shown.selfTest;
    const rates = [whole(gpuImagesPerSecond), whole(cpuImagesPerSecond)] as const;
    return device.trains(named(shown.adapter), magnitude(furthestGradient(shown.selfTest)), ...rates);
  }
  switch (shown.why) {
    case "no-webgpu":
      return isSecureContext ? device.why[shown.why] : device.insecure;
    case "chosen":
    case "no-adapter":
      return device.why[shown.why];
    case "software":
      return device.why.software(named(shown.adapter));
    case "slower": {
      const { gpuImagesPerSecond, cpuImagesPerSecond } = shown.selfTest;
      return device.why.slower(named(shown.adapter), whole(gpuImagesPerSecond), whole(cpuImagesPerSecond));
    }
    case "disagrees": {
      const worst = shown.selfTest.compared[0];
      if (!worst) return device.why.failed(named(shown.adapter), "");
      const what = quantity(worst, shown.network.spec.layers);
      return device.why.disagrees(named(shown.adapter), what, magnitude(worst.error), magnitude(worst.allowed));
    }
    default:
      return device.why[shown.why](named(shown.adapter), explainFault(shown.error));
  }
}

function furthestGradient({ compared }: SelfTest): number {
  return Math.max(0, ...compared.filter(({ what }) => what === "gradient").map(({ error }) => error));
}

function quantity({ what, weight = "", layer }: Compared, layers: LayerSpec[]): string {
  const { quantities, ofLayer } = strings.value.device;
  const of = layer === undefined ? undefined : layers[layer];
  return quantities[what](of ? ofLayer(weight, layerTitle(of)) : weight);
}
