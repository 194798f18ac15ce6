import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { duration, percent } from "../../i18n/format";
import { busy, discardLeft, findLeft, left, runState, takeUp } from "../../store/run";
import { Icon } from "../../ui/icons";
import { adoptLeft } from "./net-actions";

/** The training that a reload, a crash or an earlier visit has left: to go on with, to use, or to let go. */
export function LeftRun() {
  useEffect(() => {
    void findLeft();
  }, []);
  const kept = left.value;
  // After a run of this visit its own summary has the same to offer.
  if (!kept || busy.value || !["idle", "failed"].includes(runState.value)) return null;
  const { train } = strings.value;
  const over = kept.state === "done";
  const title = kept.state === "running" ? train.leftInterrupted : train.leftOver;
  return (
    <section
      class="card left-run"
      data-testid="run-left"
      data-state={kept.state}
      data-epoch={kept.epoch}
      data-epochs={kept.epochs}
      data-step={kept.step}
      aria-label={title}
    >
      <div>
        <h2>{title}</h2>
        <p class="muted">
          {train.leftText(kept.name, kept.epoch, kept.epochs, duration(kept.seconds))}
          {kept.accuracy !== null && ` ${train.leftAccuracy(percent(kept.accuracy, 2))}`}
        </p>
      </div>
      <div class="left-run-actions">
        <button
          type="button"
          class={over ? "button" : "button primary"}
          data-testid="run-resume"
          onClick={() => void takeUp(kept, over ? kept.epochs + 1 : kept.epochs)}
        >
          <Icon name="play" />
          {over ? train.oneMore : train.goOn}
        </button>
        <button type="button" class="button" data-testid="run-use" onClick={() => void adoptLeft(kept)}>
          {train.use}
        </button>
        <button type="button" class="button quiet" data-testid="run-discard" onClick={() => void discardLeft()}>
          {train.discard}
        </button>
      </div>
    </section>
  );
}
