import type { GraphStage, ModelGraph, ModelInfo } from "../../engine/types";
import { strings } from "../../i18n";
import { percent, whole } from "../../i18n/format";
import { BACK, type Block, blocksOf, extentOf } from "./block";
import { operatorsInWords, shapeInWords } from "./words";

/** The graph by stages: what each outputs, of what it is made, and its share of the weights and of the work. */
export function Stages({ graph, info }: { graph: ModelGraph; info: ModelInfo }) {
  const { model } = strings.value;
  const image = [info.channels, info.height, info.width];
  const [first, ...blocks] = blocksOf([image, ...graph.stages.map(({ shape }) => shape)]);
  const parameters = graph.stages.reduce((sum, stage) => sum + stage.parameters, 0);
  return (
    <section class="card model-graph" aria-labelledby="model-graph">
      <h2 id="model-graph">{model.graph}</h2>
      {graph.stages.length === 0 ? (
        <p class="muted">{model.graphEmpty}</p>
      ) : (
        <>
          <p class="muted small">{model.graphSays}</p>
          <table class="model-stages">
            <thead>
              <tr>
                <th scope="col">{model.stage}</th>
                <th scope="col">{model.outputs}</th>
                <th scope="col">{model.operators}</th>
                <th scope="col">{model.parameters}</th>
                <th scope="col">{model.multiplyAdds}</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <td class="model-block">
                  <Drawing block={first ?? null} />
                </td>
                <th scope="row" class="model-shape">
                  {model.input(info.height, info.width, info.channels)}
                </th>
                <td />
                <td />
                <td />
              </tr>
              {graph.stages.map((stage, at) => (
                <Stage
                  // The order is what stages are known by.
                  key={`${at} ${stage.shape}`}
                  stage={stage}
                  number={at + 1}
                  block={blocks[at] ?? null}
                  parameters={parameters}
                  multiplyAdds={graph.multiplyAdds}
                />
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

interface StageProps {
  stage: GraphStage;
  number: number;
  block: Block | null;
  /** Of all stages. */
  parameters: number;
  multiplyAdds: number;
}

function Stage({ stage, number, block, parameters, multiplyAdds }: StageProps) {
  const { model } = strings.value;
  return (
    <tr data-testid="model-stage" data-shape={stage.shape.join("x")} data-parameters={stage.parameters}>
      <th scope="row" class="model-block">
        <Drawing block={block} />
        <span class="muted small">{whole(number)}</span>
      </th>
      <td class="model-shape">{shapeInWords(stage.shape)}</td>
      <td class="model-made">
        <ul>
          {operatorsInWords(stage.operators).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      </td>
      <Share of={stage.parameters} all={parameters} what={model.parameters} />
      <Share of={stage.multiplyAdds} all={multiplyAdds} what={model.multiplyAdds} />
    </tr>
  );
}

/** A figure, and a bar as long as its part of all. */
function Share({ of, all, what }: { of: number; all: number; what: string }) {
  const { model } = strings.value;
  const share = all > 0 ? Math.min(1, of / all) : 0;
  return (
    <td class="model-share">
      <span class="model-share-what muted small">{what}</span>
      {of === 0 ? (
        <span class="muted">0</span>
      ) : (
        <>
          <span title={model.share(percent(share))}>{whole(of)}</span>
          <svg class="model-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="model-bar-all" width="100" height="6" />
            <rect class="model-bar-part" width={Math.max(1, share * 100)} height="6" />
          </svg>
        </>
      )}
    </td>
  );
}

/** A block seen from the front, a little from the right and above. */
function Drawing({ block }: { block: Block | null }) {
  if (!block) return null;
  const { width, height } = block;
  const [right, up] = [block.depth * BACK.right, block.depth * BACK.up];
  const all = extentOf(block);
  return (
    <svg
      class="model-drawing"
      width={Math.ceil(all.width + 2)}
      height={Math.ceil(all.height + 2)}
      viewBox={`-1 -1 ${Math.ceil(all.width + 2)} ${Math.ceil(all.height + 2)}`}
      aria-hidden="true"
    >
      <path class="model-top" d={`M0 ${up}l${right} ${-up}h${width}l${-right} ${up}z`} />
      <path class="model-side" d={`M${width} ${up}l${right} ${-up}v${height}l${-right} ${up}z`} />
      <rect class="model-front" y={up} width={width} height={height} />
    </svg>
  );
}
