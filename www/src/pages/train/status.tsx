import type { ComponentChildren } from "preact";
import { strings } from "../../i18n";
import { decimal, duration, percent, plain, roughly, whole } from "../../i18n/format";
import { shownLoss } from "../../store/plan";
import { busy, failure, loading, plan, progress, runDevice, runState, secondsLeft, trying } from "../../store/run";
import { fetchingText } from "../../ui/fetching-line";
import { Term } from "../../ui/term";

const NONE = "–";

/** Where the run stands, in words, figures and attributes. */
export function Status() {
  const { train } = strings.value;
  const now = progress.value;
  const share = now.totalSteps > 0 ? now.step / now.totalSteps : (loading.value ?? 0);
  return (
    <div
      class="status"
      data-testid="train-status"
      data-state={runState.value}
      data-device={runDevice.value ?? ""}
      data-epoch={now.epoch || ""}
      data-step={now.step || ""}
      data-loss={plain(now.loss)}
      data-train-accuracy={plain(now.trainAccuracy)}
      data-val-accuracy={plain(now.valAccuracy)}
      data-images-per-second={plain(now.imagesPerSecond, 1)}
    >
      <div class="status-line">
        <p class="status-state" role="status">
          {stateText()}
        </p>
        {failure.value && (
          <p class="status-failure">
            {failure.value} {train.restart}
          </p>
        )}
        <progress value={share} max={1} aria-label={train.progress} />
      </div>
      <dl class="facts">
        <Fact name={train.epoch} value={now.epoch ? `${now.epoch} / ${plan.value?.recipe.epochs ?? NONE}` : NONE} />
        <Fact name={train.stepLabel} value={now.step ? whole(now.step) : NONE} />
        <Fact
          name={<Term id={shownLoss.value}>{train.loss}</Term>}
          value={now.loss === null ? NONE : decimal(now.loss, 3)}
        />
        <Fact name={<Term id="accuracy">{train.trainAccuracy}</Term>} value={share01(now.trainAccuracy)} />
        <Fact name={train.valAccuracy} value={share01(now.valAccuracy)} />
        <Fact name={train.imagesPerSecond} value={now.imagesPerSecond === null ? NONE : whole(now.imagesPerSecond)} />
        {busy.value || now.step === 0 ? (
          <Fact name={train.timeLeft} value={secondsLeft.value === null ? NONE : roughly(secondsLeft.value)} />
        ) : (
          <Fact name={train.soFar} value={duration(now.seconds)} />
        )}
      </dl>
    </div>
  );
}

function Fact({ name, value }: { name: ComponentChildren; value: string }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function share01(share: number | null): string {
  return share === null ? NONE : percent(share);
}

function stateText(): string {
  const { train, device } = strings.value;
  const state = train.states[runState.value];
  if (runState.value === "preparing") {
    // Of several things on their way, what takes longest is last here.
    const text = fetchingText("trainer") || fetchingText("images") || fetchingText("gpuTrainer");
    if (text) return text;
    if (trying.value) return train.trying;
  }
  return runDevice.value ? train.onDevice(state, device.names[runDevice.value]) : state;
}
