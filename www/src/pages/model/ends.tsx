import type { ModelGraph, ModelInfo, TensorFacts } from "../../engine/types";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { operatorName } from "./words";

/** What the file declares that it takes and gives; one of the outputs answers. */
export function Ends({ graph, info }: { graph: ModelGraph; info: ModelInfo }) {
  const { model } = strings.value;
  return (
    <section class="card model-ends" aria-labelledby="model-ends">
      <h2 id="model-ends">{model.ends}</h2>
      <p class="muted small">{model.endsSay}</p>
      <Tensors heading={model.inputs} all={graph.inputs} testId="model-input-row" answer={null} />
      <Tensors heading={model.outputs} all={graph.outputs} testId="model-output-row" answer={info.answer} />
    </section>
  );
}

interface TensorsProps {
  heading: string;
  all: readonly TensorFacts[];
  testId: string;
  /** The name of the one that answers. */
  answer: string | null;
}

function Tensors({ heading, all, testId, answer }: TensorsProps) {
  const { model } = strings.value;
  return (
    <table class="model-table">
      <caption>{heading}</caption>
      <thead>
        <tr>
          <th scope="col">{model.name}</th>
          <th scope="col">{model.type}</th>
          <th scope="col">{model.shape}</th>
        </tr>
      </thead>
      <tbody>
        {all.map(({ name, element, shape }) => (
          <tr key={name} data-testid={testId} data-name={name} data-answers={name === answer}>
            <th scope="row">
              {name} {name === answer && <span class="tag">{model.answers}</span>}
            </th>
            <td>{element}</td>
            <td>{shape.length === 0 ? model.scalar : shape.join(" × ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every operator that the file has, the most frequent first. */
export function Operators({ graph }: { graph: ModelGraph }) {
  const { model } = strings.value;
  return (
    <section class="card model-operators" aria-labelledby="model-operators">
      <h2 id="model-operators">{model.operators}</h2>
      <p class="muted small">{model.operatorsAre(whole(graph.nodes), whole(graph.operators.length))}</p>
      <table class="model-table">
        <caption class="unseen">{model.operators}</caption>
        <thead>
          <tr>
            <th scope="col">{model.operator}</th>
            <th scope="col">{model.count}</th>
          </tr>
        </thead>
        <tbody>
          {graph.operators.map(({ operator, count }) => (
            <tr key={operator} data-testid="model-operator" data-name={operator} data-count={count}>
              <th scope="row">
                {operator} <span class="muted small">{saysMore(operator)}</span>
              </th>
              <td>{whole(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What an operator is in words, where that is not its name over again. */
function saysMore(operator: string): string {
  const name = operatorName(operator);
  return name.toLowerCase() === operator.toLowerCase() ? "" : name;
}
