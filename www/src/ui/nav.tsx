import { isOwn } from "../engine/protocol";
import { strings } from "../i18n";
import { percent, whole } from "../i18n/format";
import { address, type Route, route } from "../router";
import { datasetName, factsOf, trainingObstacle } from "../store/datasets";
import { busy, plan, progress, runState } from "../store/run";
import { currentDataset, currentModel } from "../store/session";
import { testResult } from "../store/test";
import { Icon } from "./icons";

/** What can be tried, without any preparation. */
export function TryNav() {
  const { nav } = strings.value;
  return (
    <nav class="nav nav-try" aria-label={nav.try}>
      <span class="nav-group" aria-hidden="true">
        {nav.try}
      </span>
      <Link to="draw" label={nav.draw} />
      <Link to="photos" label={nav.photos} />
      <Link to="camera" label={nav.camera} />
    </nav>
  );
}

/** The stages of making a network of one's own, in their order. */
export function MakeNav() {
  const { nav } = strings.value;
  const done = runState.value === "done";
  return (
    <nav class="nav nav-make" aria-label={nav.make}>
      <span class="nav-group" aria-hidden="true">
        {nav.make}
      </span>
      <Link to="data" label={nav.data} stage={1} done={dataDone()} fact={dataFact()} />
      <Link to="train" label={nav.train} stage={2} done={done} fact={trainFact()} />
      <Link to="test" label={nav.test} stage={3} done={testResult.value !== null} fact={testFact()} />
    </nav>
  );
}

interface LinkProps {
  to: Route;
  label: string;
  stage?: number;
  done?: boolean;
  fact?: string;
}

function Link({ to, label, stage, done, fact }: LinkProps) {
  return (
    <a
      class="nav-link"
      href={address(to)}
      data-testid={`nav-${to}`}
      aria-current={route.value === to ? "page" : undefined}
    >
      {stage !== undefined && (
        <span class="nav-stage" data-done={done}>
          {done ? <Icon name="check" /> : stage}
        </span>
      )}
      <span class="nav-label">
        {label}
        {done && <span class="unseen"> ({strings.value.nav.done})</span>}
        {fact && <span class="nav-fact">{fact}</span>}
      </span>
    </a>
  );
}

/** What can be trained on: what comes with Hearth always can. */
function dataDone(): boolean {
  return trainingObstacle(currentDataset.value) === null;
}

/** "MNIST 60,000"; of a person's own, whose name may be long, "48 images": all that have a label. */
function dataFact(): string {
  const id = currentDataset.value;
  const { train, validation, test } = factsOf(id);
  if (isOwn(id)) return strings.value.data.images(train + validation + test);
  return `${datasetName(id)} ${whole(train)}`;
}

function trainFact(): string {
  const epochs = plan.value?.recipe.epochs;
  const { epoch, valAccuracy } = progress.value;
  if (!epochs || epoch === 0 || !(busy.value || runState.value === "done")) return "";
  const at = strings.value.nav.epochOf(epoch, epochs);
  return valAccuracy === null ? at : `${at} · ${percent(valAccuracy)}`;
}

function testFact(): string {
  const result = testResult.value;
  return result ? `${currentModel.value.name} · ${percent(result.report.accuracy)}` : "";
}
