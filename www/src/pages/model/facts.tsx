import type { ComponentChildren } from "preact";
import type { ModelGraph, ModelInfo } from "../../engine/types";
import { className, strings } from "../../i18n";
import { percent, size, whole } from "../../i18n/format";
import { datasetCalled, datasetName } from "../../store/datasets";
import { headOf } from "../../store/head-facts";
import { shownLabels } from "../../store/model-graph";
import type { Model } from "../../store/session";

/** Classes that are named. */
const MOST_NAMED = 5;

interface Props {
  model: Model;
  info: ModelInfo;
  graph: ModelGraph | null;
}

/** What there is to know of the file at a glance. */
export function Facts({ model: of, info, graph }: Props) {
  const { model, opening } = strings.value;
  const { height, width, channels, scores } = info;
  const work = graph?.multiplyAdds ? model.multiplyAddsAre(whole(graph.multiplyAdds)) : model.unknown;
  const trained = trainedAs(info);
  const tested = testedAs(of, info);
  return (
    <section class="card model-facts-card" aria-labelledby="model-facts">
      <h2 id="model-facts">{model.facts}</h2>
      <dl class="model-list">
        <Fact name={model.size}>{size(of.bytes)}</Fact>
        <Fact name={model.image}>{model.imageIs(height, width, channels)}</Fact>
        <Fact name={model.classes}>{classes()}</Fact>
        <Fact name={model.scores}>
          <span data-testid="model-scores" data-scores={scores}>
            {opening.scores[scores]}
          </span>
        </Fact>
        <Fact name={model.parameters}>{whole(info.parameters)}</Fact>
        {graph && <Fact name={model.multiplyAdds}>{work}</Fact>}
        {trained && <Fact name={model.trained}>{trained}</Fact>}
        {tested && <Fact name={model.test}>{tested}</Fact>}
        {graph && <Fact name={model.format}>{model.formatIs(String(graph.opset), String(graph.irVersion))}</Fact>}
        {graph?.producer && <Fact name={model.producer}>{graph.producer}</Fact>}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function classes(): string {
  const { model, opening } = strings.value;
  const all = shownLabels.value;
  const first = opening.several(all.slice(0, MOST_NAMED).map(className));
  return model.classesAre(whole(all.length), first, all.length > MOST_NAMED);
}

/** On what, and by which recipe; empty where the file does not say. */
function trainedAs(info: ModelInfo): string {
  const { model, none, terms, train } = strings.value;
  const { dataset, recipe } = info;
  const head = headOf(info);
  const known = datasetCalled(dataset);
  const data = known
    ? datasetName(known)
    : dataset && ((Object.hasOwn(model.datasets, dataset) && model.datasets[dataset]) || dataset);
  return [
    data ? model.trainedOn(data) : "",
    head ? none.head.what(head.samples, whole(head.samples), head.backbone) : "",
    recipe
      ? train.lineRecipe(
          terms[recipe.optimizer.kind].name,
          String(recipe.learningRate),
          recipe.batchSize,
          recipe.epochs,
        )
      : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** How many answers were right, of the test that the file or the list tells of; empty where there was none. */
function testedAs(of: Model, info: ModelInfo): string {
  const { session } = strings.value;
  const test = info.test ?? of.facts?.test;
  if (!test) return "";
  const says = Object.hasOwn(session.rightIn, test.dataset) ? session.rightIn[test.dataset] : undefined;
  return (says ?? session.rightInTest)(percent(test.accuracy), whole(test.n));
}
