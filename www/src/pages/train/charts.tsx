import { strings } from "../../i18n";
import { decimal, percent, whole } from "../../i18n/format";
import { shownLoss } from "../../store/plan";
import { progress, trace } from "../../store/run";
import { Term } from "../../ui/term";
import { valueAt } from "./axis";
import { Plot, pointedStep } from "./plot";

/** Loss and accuracy as they come, on the images that are trained on and on those that are held out. */
export function Charts() {
  const { train } = strings.value;
  const { step } = progress.value;
  return (
    <div class="charts" data-testid="train-chart" data-step={pointedStep.value ?? ""}>
      <figure class="chart">
        <figcaption>
          <Term id={shownLoss.value}>{train.lossChart}</Term>
          <Values of="loss" />
        </figcaption>
        <Plot kind="loss" label={train.lossByStep} valueText={spoken("loss")} />
      </figure>
      <figure class="chart">
        <figcaption>
          <Term id="accuracy">{train.accuracyChart}</Term>
          <Values of="accuracy" />
        </figcaption>
        <Plot kind="accuracy" label={train.accuracyByStep} valueText={spoken("accuracy")} />
      </figure>
      <p class="chart-key small muted">
        <span class="key key-training">{train.trainingLine}</span>
        <span class="key key-sample">{train.sampleLine}</span>
        <span class="key key-whole">{train.wholeLine}</span>
        {step > 0 && <span class="chart-step">{train.atStep(whole(pointedStep.value ?? step))}</span>}
      </p>
      {step === 0 && (
        <p class="chart-empty muted small">
          <span>{train.chartEmpty}</span>
        </p>
      )}
    </div>
  );
}

export type Kind = "loss" | "accuracy";

/** What the curves are at the step that is pointed at, or now. */
function valuesOf(kind: Kind): Record<"training" | "sample" | "whole", string> {
  const { loss, sampleLoss, wholeLoss, trainAccuracy, sampleAccuracy, wholeAccuracy } = trace.value;
  const at = pointedStep.value ?? progress.value.step;
  const text = (value: number | null) => (value === null ? "–" : kind === "loss" ? decimal(value, 3) : percent(value));
  const [training, sample, all] =
    kind === "loss" ? [loss, sampleLoss, wholeLoss] : [trainAccuracy, sampleAccuracy, wholeAccuracy];
  // A point of a long curve is the mean of several steps; what it is now is told beside the chart as well.
  const newest = kind === "loss" ? progress.value.loss : progress.value.trainAccuracy;
  const trained = pointedStep.value === null && newest !== null ? newest : valueAt(training, at);
  return { training: text(trained), sample: text(valueAt(sample, at)), whole: text(valueAt(all, at)) };
}

function Values({ of }: { of: Kind }) {
  const { training, sample, whole: all } = valuesOf(of);
  return (
    <>
      <span class="key key-training">{training}</span>
      <span class="key key-sample">{sample}</span>
      {all !== "–" && <span class="key key-whole">{all}</span>}
    </>
  );
}

function spoken(kind: Kind): string {
  const { train } = strings.value;
  const { training, sample, whole: all } = valuesOf(kind);
  const at = train.atStep(whole(pointedStep.value ?? progress.value.step));
  return `${at}: ${train.trainingLine} ${training}, ${train.sampleLine} ${sample}, ${train.wholeLine} ${all}`;
}
