import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { duration, percent, whole } from "../../i18n/format";
import type { KeptRun } from "../../store/database";
import { discardLeft, findLeft, left, resume, trainsElsewhere } from "../../store/run";
import { Icon } from "../../ui/icons";
import { ofWhat } from "../../ui/of-what";
import { adoptLeft } from "./net-actions";
import { nextStep, offersLeft } from "./next-step";

/** The trainings that a reload, a crash or an earlier visit has left: to go on with, to use, or to let go. */
export function LeftRun() {
  useEffect(() => {
    void findLeft();
  }, []);
  if (!offersLeft.value) return null;
  if (trainsElsewhere.value) {
    return (
      <p class="card left-run muted" data-testid="run-elsewhere">
        {strings.value.train.leftElsewhere}
      </p>
    );
  }
  const [last, before] = left.value;
  return (
    <>
      {last && <Left kept={last} testId="run-left" first />}
      {before && <Left kept={before} testId="run-left-before" />}
    </>
  );
}

function Left({ kept, testId, first = false }: { kept: KeptRun; testId: string; first?: boolean }) {
  const { train } = strings.value;
  const over = kept.state === "done";
  const title = kept.state === "running" ? train.leftInterrupted : first ? train.leftOver : train.leftBefore;
  const part = (name: string) => (first ? `run-${name}` : `run-before-${name}`);
  return (
    <section
      class="card left-run"
      data-testid={testId}
      data-state={kept.state}
      data-epoch={kept.epoch}
      data-epochs={kept.epochs}
      data-step={kept.step}
      aria-label={title}
    >
      <div>
        <h2>{title}</h2>
        <p class="muted">
          {train.leftText(kept.name, whole(kept.step), kept.epoch, kept.epochs, duration(kept.seconds))}
          {kept.accuracy !== null &&
            ` ${train.leftAccuracy(percent(kept.accuracy), kept.validation ? ofWhat(kept.validation.at) : "")}`}
        </p>
      </div>
      <div class="left-run-actions">
        <button
          type="button"
          class={first && nextStep.value === "resumeLeft" ? "button primary" : "button"}
          data-testid={part("resume")}
          onClick={() => void resume(kept, over ? kept.epochs + 1 : kept.epochs)}
        >
          <Icon name="play" />
          {over ? train.oneMore : train.goOn}
        </button>
        <button type="button" class="button" data-testid={part("use")} onClick={() => void adoptLeft(kept)}>
          {train.use}
        </button>
        <button type="button" class="button quiet" data-testid={part("discard")} onClick={() => void discardLeft(kept)}>
          {train.discard}
        </button>
      </div>
    </section>
  );
}
