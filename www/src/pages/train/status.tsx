import type { ComponentChildren } from "preact";
import { strings } from "../../i18n";
import { decimal, duration, percent, plain, roughly, whole } from "../../i18n/format";
import { type Fetched, fetching } from "../../store/fetching";
import { shownLoss } from "../../store/plan";
import {
  busy,
  failure,
  plan,
  progress,
  runDevice,
  runState,
  secondsLeft,
  trouble,
  trying,
  WINDOW_STEPS,
} from "../../store/run";
import { fetchingText } from "../../ui/fetching-line";
import { ofWhat } from "../../ui/of-what";
import { Term } from "../../ui/term";

const NONE = "–";

/** Where the run stands, in words, figures and attributes. */
export function Status() {
  const { train } = strings.value;
  const now = progress.value;
  const share = now.totalSteps > 0 ? now.step / now.totalSteps : (loadedShare() ?? 0);
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
        <TroubleNote />
        <progress value={share} max={1} aria-label={train.progress} />
      </div>
      <dl class="facts">
        <Fact name={train.epoch} value={now.epoch ? `${now.epoch} / ${plan.value?.recipe.epochs ?? NONE}` : NONE} />
        <Fact
          name={<Term id={shownLoss.value}>{train.loss}</Term>}
          value={now.loss === null ? NONE : decimal(now.loss, 3)}
          of={now.loss === null ? "" : train.lastSteps(WINDOW_STEPS)}
          minor
        />
        <Fact
          name={<Term id="accuracy">{train.trainAccuracy}</Term>}
          value={share01(now.trainAccuracy)}
          of={now.trainAccuracy === null ? "" : train.lastSteps(WINDOW_STEPS)}
          minor
        />
        <Fact name={train.valAccuracy} value={share01(now.valAccuracy)} of={now.valAt ? ofWhat(now.valAt) : ""} />
        <Fact
          name={train.imagesPerSecond}
          value={now.imagesPerSecond === null ? NONE : whole(now.imagesPerSecond)}
          minor
        />
        {busy.value || now.step === 0 ? (
          <Fact name={train.timeLeft} value={secondsLeft.value === null ? NONE : roughly(secondsLeft.value)} />
        ) : (
          <Fact name={train.soFar} value={duration(now.seconds)} />
        )}
      </dl>
    </div>
  );
}

interface FactProps {
  name: ComponentChildren;
  value: string;
  /** Of what, and when. */
  of?: string;
  /** Left out where there is little room: the curves say it as well, or it is not what decides. */
  minor?: boolean;
}

function Fact({ name, value, of = "", minor = false }: FactProps) {
  return (
    <div class={minor ? "fact minor" : "fact"}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd class="fact-of muted">{of}</dd>
    </div>
  );
}

function TroubleNote() {
  const now = trouble.value;
  if (!now || !busy.value) return null;
  const { trouble: texts } = strings.value.train;
  const found = {
    diverges: () => texts.diverges(decimal(now.loss, 2), decimal(now.chance, 2)),
    guesses: () => texts.guesses(whole(now.step), percent(now.accuracy)),
    still: () => texts.still(decimal(now.loss, 2)),
  }[now.kind]();
  const tries = now.remedies.map((one) =>
    one.kind === "otherSeed" ? texts.otherSeed : texts[one.kind](String(one.rate)),
  );
  return (
    <p class="status-failure" role="alert" data-testid="train-trouble" data-kind={now.kind}>
      {[found, ...tries].join(" ")}
    </p>
  );
}

function share01(share: number | null): string {
  return share === null ? NONE : percent(share);
}

/** What a run waits for before its first step, what takes longest last. */
const AWAITED = ["trainer", "images", "gpuTrainer"] as const;

function awaited(): Fetched | undefined {
  return runState.value === "preparing" ? AWAITED.find((what) => fetching.value[what]) : undefined;
}

function loadedShare(): number | null {
  const what = awaited();
  const now = what && fetching.value[what];
  return now && now.total > 0 ? now.loaded / now.total : null;
}

function stateText(): string {
  const { train, device } = strings.value;
  const what = awaited();
  if (what) return fetchingText(what);
  if (runState.value === "preparing" && trying.value) return train.trying;
  const state = train.states[runState.value];
  return runDevice.value ? train.onDevice(state, device.names[runDevice.value]) : state;
}
