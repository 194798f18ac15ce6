import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BuiltInId } from "../../engine/protocol";
import { className, strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { address } from "../../router";
import { datasetName, factsOf } from "../../store/datasets";
import { keepsDatasets, ownDatasets } from "../../store/own/list";
import { currentDataset } from "../../store/session";
import { Icon } from "../../ui/icons";
import { Picture } from "../../ui/picture";
import { examples, findExamples } from "./examples";
import { copyToOwn, makeOwn } from "./opening";

/** Images of each class that a copy may have; null: all. */
const SIZES = [100, 1000, null] as const;

/** A dataset that comes with Hearth: what it is, and the two ways on. */
export function BuiltIn({ id }: { id: BuiltInId }) {
  return (
    <>
      <Ways id={id} />
      <About id={id} />
    </>
  );
}

/** To a newcomer their own images are offered first; whoever has some has come to this dataset for itself. */
function Ways({ id }: { id: BuiltInId }) {
  const { data } = strings.value;
  const newcomer = ownDatasets.value.length === 0;
  // The newcomer is offered the digits whatever dataset is looked at.
  const offered = newcomer ? "mnist" : id;
  return (
    <div class="data-ways">
      <section class="card data-way">
        <h2>{data.ways.own}</h2>
        <p class="muted">{data.ways.ownText}</p>
        {!keepsDatasets.value && <p role="status">{data.notKept}</p>}
        <button
          type="button"
          class={newcomer ? "button primary" : "button"}
          data-testid="dataset-make"
          disabled={!keepsDatasets.value}
          onClick={() => void makeOwn()}
        >
          {data.ways.make}
          <Icon name="next" />
        </button>
      </section>
      <section class="card data-way">
        <h2>{data.ways.ready(datasetName(offered))}</h2>
        <p class="muted">{data.ways.readyText[offered]}</p>
        <a
          class={newcomer ? "button" : "button primary"}
          href={address("train")}
          data-testid="dataset-use"
          data-dataset={offered}
          onClick={() => {
            currentDataset.value = offered;
          }}
        >
          {data.ways.use(datasetName(offered))}
          <Icon name="next" />
        </a>
      </section>
    </div>
  );
}

function About({ id }: { id: BuiltInId }) {
  const { data } = strings.value;
  const { train, test, height, width } = factsOf(id);
  useEffect(() => findExamples(id), [id]);
  const found = examples.value.get(id) ?? [];
  return (
    <section class="card data-about" aria-labelledby="data-about">
      <h2 id="data-about">{datasetName(id)}</h2>
      <p>{data.about[id](whole(train), whole(test), `${width} × ${height}`)}</p>
      <ul class="data-examples" aria-label={data.examples}>
        {found.map((sample) => (
          <li key={sample.label}>
            <Picture
              pixels={sample.pixels}
              height={sample.height}
              width={sample.width}
              label={className(sample.name)}
            />
            <span aria-hidden="true">{className(sample.name)}</span>
          </li>
        ))}
      </ul>
      <Copy id={id} />
    </section>
  );
}

function Copy({ id }: { id: BuiltInId }) {
  const { data } = strings.value;
  const size = useSignal<number | null>(SIZES[0]);
  return (
    <div class="data-copy">
      <p class="muted small">{data.copy.text}</p>
      <label>
        <span>{data.copy.perClass}</span>
        <select
          data-testid="dataset-copy-size"
          value={String(size.value ?? "all")}
          onChange={({ currentTarget: { value } }) => {
            size.value = value === "all" ? null : Number(value);
          }}
        >
          {SIZES.map((n) => (
            <option key={n} value={String(n ?? "all")}>
              {n === null ? data.copy.all : whole(n)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button"
        data-testid="dataset-copy"
        disabled={!keepsDatasets.value}
        onClick={() => void copyToOwn(id, size.peek())}
      >
        <Icon name="copy" />
        {data.copy.button}
      </button>
    </div>
  );
}
