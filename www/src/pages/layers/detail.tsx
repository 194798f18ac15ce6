import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { strings } from "../../i18n";
import { plain, whole } from "../../i18n/format";
import { Formula } from "../../ui/formulas";
import { Icon } from "../../ui/icons";
import { type Arithmetic, afterwards, arithmetic, type Patch } from "./arithmetic";
import { cell, held, letGo, net, nudge, openCell, run, weightsCame } from "./look";
import { type Cell, type Net, place, type Run } from "./net";
import { Numbers } from "./numbers";
import { rangeOf } from "./paint";
import { number } from "./shown";
import { nameOf, termOf, titleOf, whereText } from "./stage-names";

/** Summands that are listed; the rest is added up in one line. */
const MOST_LISTED = 5;

/** How the chosen cell's number came about. */
export function Detail() {
  const { layers } = strings.value;
  const [of, values, chosen] = [net.value, run.value, cell.value];
  // Fetched later than their network, weights come without a change of its own.
  weightsCame.value;
  const ready = of && chosen && values?.has(chosen.stage) && of.hasWeights(chosen.stage) ? values : null;
  return (
    <section class="look-detail card" aria-label={layers.detail} data-empty={!ready}>
      <div class="panel-head">
        <h2>{layers.detail}</h2>
        {ready && (
          <button
            type="button"
            class="icon-button"
            aria-label={strings.value.close}
            data-testid="layers-close"
            onClick={() => {
              letGo();
              cell.value = null;
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {of && chosen && ready ? (
        <Account of={of} values={ready} at={chosen} />
      ) : (
        <p class="muted">{layers.detailEmpty}</p>
      )}
    </section>
  );
}

function Account({ of, values, at }: { of: Net; values: Run; at: Cell }) {
  const { layers } = strings.value;
  const why = arithmetic(of, values, at);
  const steps = afterwards(of, values, at);
  const value = values.values(at.stage)[at.index] ?? 0;
  const activated = steps.find(({ activates }) => activates);
  const sums = "bias" in why;
  return (
    <div
      class="look-account"
      data-testid="layers-detail"
      data-layer={at.stage - 1}
      data-index={at.index}
      data-value={plain(value)}
      data-sum={sums ? plain(why.sum) : ""}
      data-bias={sums ? plain(why.bias) : ""}
      data-activated={activated ? plain(activated.value) : ""}
    >
      <div class="look-where">
        <p>
          <strong>{titleOf(of, at.stage)}</strong>
          <span class="muted"> · {whereText(of, at.stage, at.index)}</span>
        </p>
        <Nudges />
      </div>
      <Body of={of} at={at} why={why} />
      <table class="look-sum">
        <tbody>
          <Summands of={of} at={at} why={why} />
          <Line label={layers.is} value={value} result />
          {steps.map((step) => (
            <Line
              key={step.cell.stage}
              label={layers.thenLayer(titleOf(of, step.cell.stage))}
              value={step.value}
              onOpen={() => openCell(step.cell)}
            />
          ))}
        </tbody>
      </table>
      <p class="muted small">
        {held.value ? layers.held : layers.notHeld}
        {held.value && (
          <button type="button" class="button quiet" data-testid="layers-release" onClick={letGo}>
            {layers.letGo}
          </button>
        )}
      </p>
    </div>
  );
}

const NUDGES = [
  { to: "left", across: -1, down: 0 },
  { to: "up", across: 0, down: -1 },
  { to: "down", across: 0, down: 1 },
  { to: "right", across: 1, down: 0 },
] as const;

/** A fingertip is larger than a cell. */
function Nudges() {
  const { move } = strings.value.layers;
  return (
    <div class="look-nudges">
      {NUDGES.map(({ to, across, down }) => (
        <button
          key={to}
          type="button"
          class="icon-button"
          data-testid={`layers-${to}`}
          aria-label={move[to]}
          onClick={() => nudge(across, down)}
        >
          <Icon name={to} />
        </button>
      ))}
    </div>
  );
}

/** The part that is a picture or a formula. */
function Body({ of, at, why }: { of: Net; at: Cell; why: Arithmetic }) {
  const { layers } = strings.value;
  switch (why.kind) {
    case "correlation":
      return <Product of={of} at={at} why={why} />;
    case "largest":
    case "mean":
      return (
        <figure class="look-window">
          <Numbers {...patchOf(of, at, why.patch)} winner={why.kind === "largest" ? why.winner : null} />
          <figcaption>{why.kind === "largest" ? layers.winner : layers.window}</figcaption>
        </figure>
      );
    case "same":
      return (
        <p>
          {why.because === "dropout"
            ? layers.letsThrough
            : layers.cameFrom(whereText(of, of.before(at.stage), at.index))}
        </p>
      );
    case "added":
    case "clipped":
    case "image":
      return null;
    case "unknown":
      return <p>{layers.notWorkedOut(titleOf(of, at.stage))}</p>;
    default: {
      const term = termOf(of, at.stage);
      return term && <div class="look-formula">{<Formula of={term} />}</div>;
    }
  }
}

/** A patch × a kernel, number by number, of the channel that the person chose, or of the one that counts most. */
function Product({ of, at, why }: { of: Net; at: Cell; why: Extract<Arithmetic, { kind: "correlation" }> }) {
  const { layers } = strings.value;
  const wanted = useSignal<number | null>(null);
  const shown = why.terms.find(({ source }) => source === wanted.value) ?? why.terms[0];
  if (!shown) return null;
  const kernel = why.kernel(shown.source);
  return (
    <>
      {why.terms.length > 1 && (
        <label class="field">
          <span>{layers.channel}</span>
          <select
            data-testid="layers-channel"
            value={shown.source}
            onChange={(event) => {
              wanted.value = Number(event.currentTarget.value);
            }}
          >
            {why.terms.map(({ source, product }) => (
              <option key={source} value={source}>
                {layers.channelGives(whole(source + 1), number(product, 3))}
              </option>
            ))}
          </select>
        </label>
      )}
      <Grids of={of} at={at} patch={why.patch(shown.source)} kernel={Array.from(kernel)} sum={shown.product} />
    </>
  );
}

/** Three grids of one size: what is looked at, the kernel, and their products cell by cell, which add up to `sum`. */
function Grids({ of, at, patch, kernel, sum }: GridsProps) {
  const { layers } = strings.value;
  const { size, values, range } = patchOf(of, at, patch);
  const products = values.map((value, i) => (value === null ? null : value * (kernel[i] ?? 0)));
  return (
    <div class="look-product" data-across={size.width}>
      <figure>
        <Numbers size={size} values={values} range={range} />
        <figcaption>{layers.patch}</figcaption>
      </figure>
      <figure>
        <span class="look-times" aria-hidden="true">
          ×
        </span>
        <Numbers size={size} values={kernel} range={rangeOf(of.weight(at.stage, "weight"))} />
        <figcaption>{layers.kernel}</figcaption>
      </figure>
      <figure>
        <span class="look-times" aria-hidden="true">
          =
        </span>
        <Numbers size={size} values={products} range={rangeOf(Float32Array.from(products, (value) => value ?? 0))} />
        <figcaption>{layers.products}</figcaption>
      </figure>
      <p class="look-added">{layers.addedUp(number(sum))}</p>
    </div>
  );
}

interface GridsProps {
  of: Net;
  at: Cell;
  patch: Patch;
  kernel: number[];
  sum: number;
}

/** A patch in the shades of the maps that it is cut from. */
function patchOf(of: Net, at: Cell, { size, values }: Patch) {
  const range = run.value ? rangeOf(run.value.values(of.before(at.stage))) : 0;
  return { size, values, range };
}

/** The lines above the result: what is added up, or what the formula is given. */
function Summands({ of, at, why }: { of: Net; at: Cell; why: Arithmetic }) {
  const { layers } = strings.value;
  switch (why.kind) {
    case "correlation":
      return (
        <>
          {why.terms.length > 1 && (
            <Terms
              terms={why.terms}
              name={(channel) => layers.channelNumber(whole(channel + 1))}
              others={layers.otherChannels}
            />
          )}
          <Line label={layers.sum} value={why.sum} />
          <Line label={layers.bias} value={why.bias} />
        </>
      );
    case "weighted":
      return (
        <>
          <Terms
            terms={why.terms}
            name={(input) => inputName(of, of.before(at.stage), input)}
            how={({ x, weight }) => `${number(x, 2)} × ${number(weight, 3)}`}
            others={layers.otherInputs}
          />
          <Line label={layers.sum} value={why.sum} />
          <Line label={layers.bias} value={why.bias} />
        </>
      );
    case "mean":
      return (
        <>
          <Line label={layers.sum} value={why.sum} />
          <Line label={layers.dividedBy} value={why.patch.values.length} digits={0} />
        </>
      );
    case "normalised":
      return (
        <>
          <Line label={layers.before} symbol="x" value={why.x} />
          <Line label={layers.mean} symbol="μ" value={why.mean} />
          <Line label={layers.variance} symbol="σ²" value={why.variance} />
          <Line label={layers.scaleLearned} symbol="γ" value={why.scale} />
          <Line label={layers.shiftLearned} symbol="β" value={why.shift} />
        </>
      );
    case "share":
      return (
        <>
          <Line label={layers.score} symbol="z" value={why.x} />
          <Line label={layers.power} value={why.power} />
          <Line label={layers.powers} value={why.sum} />
        </>
      );
    case "added":
      return (
        <>
          {why.terms.map(({ source, product }) => (
            <Line
              key={source}
              label={`${source} ${titleOf(of, source)}`}
              value={product}
              onOpen={() => openCell({ stage: source, index: at.index })}
            />
          ))}
        </>
      );
    case "clipped":
      return (
        <>
          <Line label={layers.before} symbol="x" value={why.x} />
          {Number.isFinite(why.least) && <Line label={layers.atLeast} value={why.least} />}
          {Number.isFinite(why.most) && <Line label={layers.atMost} value={why.most} />}
        </>
      );
    case "activation":
    case "same":
      return <Line label={layers.before} symbol="x" value={"x" in why ? why.x : why.result} />;
    default:
      return null;
  }
}

interface TermsProps<T> {
  /** The largest first. */
  terms: T[];
  name(source: number): string;
  how?(term: T): string;
  others(count: string): string;
}

function Terms<T extends { source: number; product: number }>({ terms, name, how, others }: TermsProps<T>) {
  const rest = terms.slice(MOST_LISTED);
  return (
    <>
      {terms.slice(0, MOST_LISTED).map((term) => (
        <Line key={term.source} label={name(term.source)} detail={how?.(term)} value={term.product} />
      ))}
      {rest.length > 0 && (
        <Line label={others(whole(rest.length))} value={rest.reduce((sum, { product }) => sum + product, 0)} />
      )}
    </>
  );
}

interface LineProps {
  label: string;
  symbol?: string;
  detail?: string | undefined;
  value: number;
  digits?: number;
  result?: boolean;
  /** Shows the number where it stands in the network. */
  onOpen?(): void;
}

function Line({ label, symbol, detail, value, digits = 4, result = false, onOpen }: LineProps): ComponentChildren {
  return (
    <tr class={result ? "look-result" : undefined}>
      <th scope="row">
        {onOpen ? (
          <button type="button" class="look-link" onClick={onOpen}>
            {label}
          </button>
        ) : (
          label
        )}
        {symbol && <i> {symbol}</i>}
        {detail && <span class="muted small"> {detail}</span>}
      </th>
      <td>{number(value, digits)}</td>
    </tr>
  );
}

/** An input of a dense layer: the cell of the maps that it was, where it was flattened from one. */
function inputName(of: Net, stage: number, index: number): string {
  for (let before = stage; before > 0; before = of.before(before)) {
    const kind = of.layer(before)?.kind;
    if (kind === "flatten") {
      const { channel, row, column } = place(of.shape(of.before(before)), index);
      return strings.value.layers.input(whole(channel + 1), row + 1, column + 1);
    }
    if (kind === "dense") break;
  }
  return strings.value.layers.whereInList(nameOf(of, stage, index));
}
