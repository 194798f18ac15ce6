import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { TargetedEvent, TargetedKeyboardEvent, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { OwnSample, Split } from "../../engine/library/records";
import { SPLITS } from "../../engine/library/records";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { wanted as ledTo, openDataset, samples } from "../../store/own/open";
import { suggestions } from "../../store/own/suggest";
import { Icon } from "../../ui/icons";
import { labelSelected, removeSelected } from "./acting";
import { classOf } from "./keys";
import { DatasetMapBlock } from "./map-block";
import { labelFrom } from "./one-by-one";
import { active, choose, chooseAll, chooseNone, moveTo, selected, selectedIds } from "./selection";
import { SelectionBar } from "./selection-bar";
import { GRID } from "./show-only";
import { type Order, shown, want, wanted } from "./showing";
import { SuggestTools } from "./suggest";
import { tallied } from "./tally";
import { Tile, type TileProps } from "./tile";
import { columnsIn, isSame, type Window, windowOf } from "./windowing";

/** All images of the open dataset, or those that a filter lets through. */
export function Grid() {
  const { data } = strings.value;
  return (
    <section class="data-grid" aria-labelledby={GRID}>
      <div class="data-grid-head">
        <h2 id={GRID} tabIndex={-1}>
          {data.grid.heading}
        </h2>
        <span class="muted small" role="status">
          {data.images(shown.value.length)}
        </span>
        <button
          type="button"
          class="button"
          data-testid="label-one"
          disabled={samples.value.length === 0}
          onClick={() => labelFrom(null)}
        >
          <Icon name="picture" />
          {data.one.open}
        </button>
      </div>
      <Filters />
      <SuggestTools />
      <DatasetMapBlock />
      <Tiles />
      <SelectionBar />
    </section>
  );
}

function Filters() {
  const { data } = strings.value;
  const { label, split, order } = wanted.value;
  const unlabelled = tallied("").total;
  const classes = openDataset.value?.classes ?? [];
  return (
    <div class="data-filters">
      <label>
        <span>{data.grid.show}</span>
        <select
          data-testid="dataset-filter"
          value={label === null ? "all" : `class:${label}`}
          onChange={({ currentTarget: { value } }: TargetedEvent<HTMLSelectElement>) =>
            want({ label: value === "all" ? null : value.slice("class:".length) })
          }
        >
          <option value="all">{data.grid.all(whole(samples.value.length))}</option>
          <option value="class:">{data.grid.unlabelled(whole(unlabelled))}</option>
          {classes.map(({ id, name }) => (
            <option key={id} value={`class:${id}`}>
              {name} ({whole(tallied(id).total)})
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{data.grid.split}</span>
        <select
          data-testid="dataset-filter-split"
          value={split ?? ""}
          onChange={({ currentTarget: { value } }) => want({ split: (value || null) as Split | null })}
        >
          <option value="">{data.grid.anySplit}</option>
          {SPLITS.map((each) => (
            <option key={each} value={each}>
              {data.splits[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{data.grid.order}</span>
        <select
          data-testid="dataset-order"
          value={order}
          onChange={({ currentTarget: { value } }) => want({ order: value as Order })}
        >
          {(Object.keys(data.grid.orders) as Order[])
            .filter((each) => each !== "unsure" || suggestions.value.size > 0)
            .map((each) => (
              <option key={each} value={each}>
                {data.grid.orders[each]}
              </option>
            ))}
        </select>
      </label>
      <button
        type="button"
        class="button"
        data-testid="dataset-select-all"
        disabled={shown.value.length === 0}
        onClick={chooseAll}
      >
        {data.grid.selectAll}
      </button>
    </div>
  );
}

const NOTHING: Window = { columns: 1, rowHeight: 1, height: 0, firstRow: 0, first: 0, end: 0 };

function Tiles() {
  const { data } = strings.value;
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const sight = useSignal(NOTHING);
  useSignalEffect(() => {
    const { length } = shown.value;
    take(sight, lookAt(box.current, length));
  });
  useEffect(() => {
    const look = () => take(sight, lookAt(box.current, shown.peek().length));
    const resized = new ResizeObserver(look);
    if (box.current) resized.observe(box.current);
    addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      resized.disconnect();
      removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [sight]);
  useSignalEffect(() => {
    const { height, firstRow, rowHeight } = sight.value;
    if (box.current) box.current.style.height = `${height}px`;
    if (list.current) list.current.style.transform = `translateY(${firstRow * rowHeight}px)`;
  });
  useLedTo(box);
  const all = shown.value;
  const { first, end } = sight.value;
  const at = active.value;
  const inSight = all.slice(first, end);
  const drawn = useTiles();
  return (
    <div ref={box} class="sample-box">
      <div
        ref={list}
        class="sample-tiles"
        role="listbox"
        tabIndex={0}
        data-testid="dataset-tiles"
        aria-multiselectable="true"
        aria-label={data.grid.heading}
        aria-describedby="dataset-grid-help"
        aria-activedescendant={inSight.some(({ id }) => id === at) ? `tile-${at}` : undefined}
        onKeyDown={(event) => onKey(event, box.current)}
        onFocus={() => {
          if (active.peek() === null) moveTo(first, false);
        }}
      >
        {inSight.map((sample, place) =>
          drawn({
            sample,
            place: first + place,
            count: all.length,
            selected: selectedIds.value.has(sample.id),
            active: sample.id === at,
          }),
        )}
      </div>
      <p id="dataset-grid-help" class="unseen">
        {data.grid.help}
      </p>
      {samples.value.length > 0 && all.length === 0 && <p class="muted">{data.grid.noneShown}</p>}
    </div>
  );
}

/** Draws a tile, or gives it as it was drawn before where nothing of it has changed: Preact then leaves it alone. */
function useTiles(): (tile: TileProps) => VNode {
  const before = useRef(new Map<number, { tile: TileProps; node: VNode }>());
  const now = new Map<number, { tile: TileProps; node: VNode }>();
  const known = before.current;
  before.current = now;
  return (tile) => {
    const { id } = tile.sample;
    const same = known.get(id);
    const kept = same && isAlike(same.tile, tile) ? same : { tile, node: <Tile key={id} {...tile} /> };
    now.set(id, kept);
    return kept.node;
  };
}

function isAlike(a: TileProps, b: TileProps): boolean {
  return (Object.keys(a) as (keyof TileProps)[]).every((key) => a[key] === b[key]);
}

/** Nothing is drawn anew while the same rows are in sight. */
function take(sight: Signal<Window>, next: Window): void {
  if (!isSame(sight.peek(), next)) sight.value = next;
}

function lookAt(box: HTMLElement | null, count: number): Window {
  if (!box) return NOTHING;
  const { top, width } = box.getBoundingClientRect();
  return windowOf(count, width, top, innerHeight);
}

/** The image that another page leads to is selected, and scrolled to. */
function useLedTo(box: { current: HTMLElement | null }): void {
  useSignalEffect(() => {
    const id = ledTo.value;
    const place = id === null ? -1 : shown.value.findIndex((sample) => sample.id === id);
    if (id === null || place < 0) return;
    ledTo.value = null;
    choose(id, {});
    requestAnimationFrame(() => scrollToPlace(box.current, place, "center"));
  });
}

/** Brings a tile into sight, which need not be in the page yet. */
function scrollToPlace(box: HTMLElement | null, place: number, block: "nearest" | "center"): void {
  if (!box) return;
  const { top, width } = box.getBoundingClientRect();
  const { rowHeight } = windowOf(shown.peek().length, width, top, innerHeight);
  const tileTop = top + Math.floor(place / columnsIn(width)) * rowHeight;
  const [high, low] = [MARGIN, innerHeight - MARGIN - rowHeight];
  if (block === "center") scrollBy(0, tileTop - (innerHeight - rowHeight) / 2);
  else if (tileTop < high) scrollBy(0, tileTop - high);
  else if (tileTop > low) scrollBy(0, tileTop - low);
}

/** Room for the bar of the selection, and for the stages on a phone. */
const MARGIN = 140;

function onKey(event: TargetedKeyboardEvent<HTMLElement>, box: HTMLElement | null): void {
  const handled = act(event, box);
  if (!handled) return;
  event.preventDefault();
  event.stopPropagation();
}

function act(event: KeyboardEvent, box: HTMLElement | null): boolean {
  const all = shown.peek();
  const place = all.findIndex(({ id }) => id === active.peek());
  const columns = columnsIn(box?.clientWidth ?? 0);
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -4 * columns,
    PageDown: 4 * columns,
    Home: -all.length,
    End: all.length,
  };
  const step = steps[event.key];
  if (step !== undefined) {
    moveTo(place + step, event.shiftKey);
    scrollToPlace(
      box,
      all.findIndex(({ id }) => id === active.peek()),
      "nearest",
    );
    return true;
  }
  const here = all[place];
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "a") {
    chooseAll();
    return true;
  }
  if (event.key === "Escape" && selectedIds.peek().size > 0) {
    chooseNone();
    return true;
  }
  if (event.key === " " && here) {
    choose(here.id, { more: true, range: event.shiftKey });
    return true;
  }
  if (event.key === "Enter" && here) {
    labelFrom(here.id);
    return true;
  }
  if (event.key === "Delete") {
    removeSelected();
    return true;
  }
  return labelByKey(event, here);
}

/** A class's key labels what is selected; where nothing is, the image that the keyboard is at. */
function labelByKey(event: KeyboardEvent, here: OwnSample | undefined): boolean {
  const given = classOf(event);
  if (!given) return false;
  if (selected.value.length === 0 && here) choose(here.id, {});
  labelSelected(given.id, given.name);
  return true;
}
