import type { ChannelOrder, Filter, Fit, Ink, PerChannel } from "../engine/types";
import { strings } from "../i18n";
import { change, type Settling } from "../store/settling";
import { NumberInput } from "./number-input";

type FitKind = keyof typeof import("../i18n/en-opening").opening.fits;

/** Of the middle crop with a margin: what networks for ImageNet are tested with. */
const CROP = 0.875;

/** Every part of it that can be set. */
export function More({ now }: { now: Settling }) {
  const { opening } = strings.value;
  const { chosen, info } = now;
  const { fit, order = "rgb", ink = "light" } = chosen;
  const grey = info.channels === 1;
  const filter = filterOf(fit);
  const kinds = (Object.keys(opening.fits) as FitKind[]).filter(
    (kind) => grey || (kind !== "digit" && kind !== "whole") || kind === kindOf(fit),
  );
  return (
    <details class="settle-more" data-testid="settle-more">
      <summary>{opening.more}</summary>
      <div class="settle-fields">
        <Choice
          testId="preprocess-fit"
          label={opening.fit}
          value={kindOf(fit)}
          options={kinds}
          name={(kind) => opening.fits[kind]}
          onChoose={(kind) => change({ fit: fitOf(kind, filter ?? "bilinear") })}
        />
        {filter && (
          <Choice
            testId="preprocess-filter"
            label={opening.filter}
            value={filter}
            options={Object.keys(opening.filters) as Filter[]}
            name={(each) => opening.filters[each]}
            onChoose={(each) => change({ fit: fitOf(kindOf(fit), each, cropOf(fit)) })}
          />
        )}
        {grey ? (
          <Choice
            testId="preprocess-ink"
            label={opening.ink}
            value={ink}
            options={Object.keys(opening.inks) as Ink[]}
            name={(each) => opening.inks[each]}
            onChoose={(each) => change({ ink: each })}
          />
        ) : (
          <Choice
            testId="preprocess-order"
            label={opening.order}
            value={order}
            options={Object.keys(opening.orders) as ChannelOrder[]}
            name={(each) => opening.orders[each]}
            onChoose={(each) => change({ order: each })}
          />
        )}
      </div>
      <p class="small">{opening.numbers}</p>
      <Numbers
        testId="preprocess-offset"
        label={opening.offset}
        value={chosen.offset}
        grey={grey}
        onChange={(offset) => change({ offset })}
      />
      <Numbers
        testId="preprocess-scale"
        label={opening.scale}
        value={chosen.scale}
        grey={grey}
        onChange={(scale) => change({ scale })}
      />
    </details>
  );
}

interface ChoiceProps<T extends string> {
  testId: string;
  label: string;
  value: T;
  options: readonly T[];
  name: (option: T) => string;
  onChoose: (option: T) => void;
}

function Choice<T extends string>({ testId, label, value, options, name, onChoose }: ChoiceProps<T>) {
  return (
    <label class="field">
      <span>{label}</span>
      <select data-testid={testId} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {name(option)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface NumbersProps {
  testId: string;
  label: string;
  value: PerChannel;
  grey: boolean;
  onChange: (value: PerChannel) => void;
}

/** One number, or one for each colour. */
function Numbers({ testId, label, value, grey, onChange }: NumbersProps) {
  const { opening } = strings.value;
  const each: [number, number, number] = typeof value === "number" ? [value, value, value] : value;
  const split = !grey && typeof value !== "number";
  return (
    <div class="settle-numbers">
      {(split ? [0, 1, 2] : [0]).map((at) => {
        const text = split ? opening.channel(label, opening.colours[at] ?? "") : label;
        return (
          <label key={at} class="field" for={`${testId}-${at}`}>
            <span>{text}</span>
            <NumberInput
              id={`${testId}-${at}`}
              data-testid={split ? `${testId}-${at}` : testId}
              step="any"
              value={shown(each[at] ?? 0)}
              onChange={(number) => onChange(split ? replaced(each, at, number) : number)}
            />
          </label>
        );
      })}
      {!grey && (
        <label class="settle-each">
          <input
            type="checkbox"
            checked={split}
            onChange={({ currentTarget }) => onChange(currentTarget.checked ? each : each[0])}
          />
          {opening.eachColour}
        </label>
      )}
    </div>
  );
}

/** 32-bit numbers have seven digits; the rest is noise. */
function shown(number: number): number {
  return Number(number.toPrecision(7));
}

function replaced(all: readonly number[], at: number, number: number): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = all.map((old, place) => (place === at ? number : old));
  return [red, green, blue];
}

function kindOf(fit: Fit): FitKind {
  if (typeof fit === "string") return fit;
  if ("stretch" in fit) return "stretch";
  if ("letterbox" in fit) return "letterbox";
  return fit.photo.crop < 1 ? "crop" : "middle";
}

function fitOf(kind: FitKind, filter: Filter, crop = CROP): Fit {
  if (kind === "digit" || kind === "whole") return kind;
  if (kind === "stretch") return { stretch: { filter } };
  if (kind === "letterbox") return { letterbox: { filter } };
  return { photo: { crop: kind === "crop" ? crop : 1, filter } };
}

/** Of those that have one; bicubic is usual. */
function filterOf(fit: Fit): Filter | null {
  if (typeof fit === "string") return null;
  const [{ filter = "bicubic" } = {}] = Object.values(fit) as { filter?: Filter }[];
  return filter;
}

function cropOf(fit: Fit): number | undefined {
  return typeof fit === "object" && "photo" in fit ? fit.photo.crop : undefined;
}
