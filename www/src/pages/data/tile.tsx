import { useEffect } from "preact/hooks";
import type { OwnSample } from "../../engine/library/records";
import { strings } from "../../i18n";
import { percent } from "../../i18n/format";
import { openDataset } from "../../store/own/open";
import { forgetWish } from "../../store/own/pictures";
import { suggestions } from "../../store/own/suggest";
import { beginDrag } from "./dragging";
import { labelFrom } from "./one-by-one";
import { Picture } from "./picture";
import { choose, taken } from "./selection";

export interface TileProps {
  sample: OwnSample;
  place: number;
  count: number;
  selected: boolean;
  active: boolean;
}

/** One image in the grid: a click selects it, a double click opens it, a drag takes it to a class. */
export function Tile({ sample, place, count, selected, active }: TileProps) {
  const { data } = strings.value;
  const { id, name, split } = sample;
  const label = labelOf(sample);
  const suggested = sample.label === null ? suggestions.value.get(id) : undefined;
  // What has been scrolled past need not be read.
  useEffect(() => () => forgetWish(sample), [sample]);
  return (
    // Keys are handled by the list, which has the focus.
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      id={`tile-${id}`}
      class="sample-tile"
      role="option"
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={place + 1}
      aria-label={data.grid.tile(name, label || data.unlabelled, data.splits[split])}
      title={name}
      data-testid="dataset-sample"
      data-id={id}
      data-name={name}
      data-label={label}
      data-split={split}
      data-active={active}
      draggable
      onDragStart={(event) => {
        taken(id);
        beginDrag(event);
      }}
      onClick={(event) => {
        const touch = event instanceof PointerEvent && event.pointerType === "touch";
        choose(id, { range: event.shiftKey, more: touch || event.ctrlKey || event.metaKey });
      }}
      onDblClick={() => labelFrom(id)}
    >
      <Picture sample={sample} />
      {split !== "train" && (
        <span class="sample-split" aria-hidden="true">
          {data.splitSigns[split]}
        </span>
      )}
      {suggested ? (
        <span class="sample-label" data-suggested="true" aria-hidden="true">
          {classNamed(suggested.label)}? {percent(suggested.p)}
        </span>
      ) : (
        <span class="sample-label" data-none={!label} aria-hidden="true">
          {label || data.unlabelled}
        </span>
      )}
    </div>
  );
}

/** The name of an image's class; empty where it has none. */
export function labelOf({ label }: OwnSample): string {
  return classNamed(label);
}

export function classNamed(id: string | null): string {
  return openDataset.value?.classes.find((each) => each.id === id)?.name ?? "";
}
