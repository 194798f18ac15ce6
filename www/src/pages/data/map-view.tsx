import { signal, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { OwnSample } from "../../engine/library/records";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { type DatasetMap, datasetMap } from "../../store/own/map";
import { openDataset, samples } from "../../store/own/open";
import { arrived } from "../../store/own/pictures";
import { Icon } from "../../ui/icons";
import { type Spot, toScreen, type View, WHOLE, zoomed } from "./map-geometry";
import { type Handle, handle, keyed } from "./map-handling";
import { MarkSign, markOf } from "./map-marks";
import { MapPainter } from "./map-painter";
import { Picture } from "./picture";
import { selected, selectedIds } from "./selection";
import { shown } from "./showing";
import { tallied } from "./tally";
import { labelOf } from "./tile";

const STEP = 1.6;

const view = signal<View>(WHOLE);
const pointed = signal<number | null>(null);
const lasso = signal<readonly Spot[]>([]);
const lassoing = signal(false);

/** The map itself, on a canvas, with what is done with it. */
export function MapView({ map }: { map: DatasetMap }) {
  const { map: text } = strings.value.head;
  const ref = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MapPainter | null>(null);
  const due = useSignal(0);
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const mine = new MapPainter(canvas, () => {
      due.value += 1;
    });
    painter.current = mine;
    const released = new AbortController();
    const refit = () => {
      mine.fit();
      due.value += 1;
    };
    const resized = new ResizeObserver(refit);
    resized.observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refit, released);
    const how: Handle = { view, pointed, lasso, lassoing, size: () => mine.size, map: () => datasetMap.peek() };
    handle(canvas, how, released.signal);
    refit();
    return () => {
      released.abort();
      resized.disconnect();
      painter.current = null;
      view.value = WHOLE;
      pointed.value = null;
      lassoing.value = false;
    };
  }, [due]);
  useDrawing(painter, due);
  const zoom = (factor: number) => {
    const { size } = painter.current ?? { size: { width: 1, height: 1 } };
    view.value = zoomed(view.peek(), size, [size.width / 2, size.height / 2], factor);
  };
  return (
    <div class="map">
      <div class="map-box">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is moved and zoomed by keys */}
        <canvas
          ref={ref}
          class="map-canvas"
          role="application"
          tabIndex={0}
          data-testid="dataset-map-canvas"
          data-zoom={view.value.zoom.toFixed(2)}
          data-lasso={lassoing.value}
          aria-label={text.canvas(map.ids.length)}
          aria-describedby="map-help"
          onKeyDown={(event) => {
            const { size } = painter.current ?? { size: { width: 1, height: 1 } };
            const next = keyed(view.peek(), size, event.key);
            if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            view.value = next;
          }}
        />
        <Pointed painter={painter} />
        <div class="map-does">
          <button
            type="button"
            class="button"
            data-testid="map-lasso"
            aria-pressed={lassoing.value}
            title={text.lassoHint}
            onClick={() => {
              lassoing.value = !lassoing.peek();
            }}
          >
            {text.lasso}
          </button>
          <button
            type="button"
            class="button map-zoom"
            data-testid="map-zoom-in"
            aria-label={text.zoomIn}
            title={text.zoomIn}
            onClick={() => zoom(STEP)}
          >
            +
          </button>
          <button
            type="button"
            class="button map-zoom"
            data-testid="map-zoom-out"
            aria-label={text.zoomOut}
            title={text.zoomOut}
            disabled={view.value.zoom === 1}
            onClick={() => zoom(1 / STEP)}
          >
            −
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={text.whole}
            title={text.whole}
            disabled={view.value.zoom === 1}
            onClick={() => {
              view.value = WHOLE;
            }}
          >
            <Icon name="reset" />
          </button>
        </div>
      </div>
      <p id="map-help" class="unseen">
        {text.help}
      </p>
      <p class="muted small" aria-hidden="true">
        {text.hint}
      </p>
      <p class="unseen" role="status">
        {text.selected(selected.value.length)}
      </p>
      <Legend />
    </div>
  );
}

/** Drawn once a frame at most, whatever has changed. */
function useDrawing(painter: { current: MapPainter | null }, due: { value: number }): void {
  const frame = useRef(0);
  useSignalEffect(() => {
    due.value;
    arrived.value;
    const all = samples.value;
    const map = datasetMap.value;
    const classes = new Map((openDataset.value?.classes ?? []).map(({ id }, place) => [id, place]));
    const some = shown.value;
    const scene = {
      classes,
      view: view.value,
      selected: selectedIds.value,
      shown: some.length === all.length ? null : new Set(some.map(({ id }) => id)),
      pointed: pointed.value,
      lasso: lasso.value,
    };
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      if (map) painter.current?.draw({ ...scene, points: map.points, samples: byPlace(map, all) });
    });
  });
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
}

let lastPlaces: { ids: Uint32Array; all: readonly OwnSample[]; found: (OwnSample | undefined)[] } | null = null;

/** The samples in the order of the map's points. */
function byPlace({ ids }: DatasetMap, all: readonly OwnSample[]): readonly (OwnSample | undefined)[] {
  if (lastPlaces?.ids === ids && lastPlaces.all === all) return lastPlaces.found;
  const known = new Map(all.map((sample) => [sample.id, sample]));
  const found = Array.from(ids, (id) => known.get(id));
  lastPlaces = { ids, all, found };
  return found;
}

/** The image that the pointer is at, beside it. */
function Pointed({ painter }: { painter: { current: MapPainter | null } }) {
  const ref = useRef<HTMLDivElement>(null);
  const id = pointed.value;
  const map = datasetMap.value;
  const place = id === null || !map ? -1 : map.ids.indexOf(id);
  const sample = place < 0 ? undefined : samples.value.find((each) => each.id === id);
  const now = view.value;
  useEffect(() => {
    const size = painter.current?.size;
    if (!ref.current || !map || !size || place < 0) return;
    const [x, y] = toScreen(now, size, map.points[place * 2] as number, map.points[place * 2 + 1] as number);
    ref.current.dataset.side = x > size.width / 2 ? "left" : "right";
    ref.current.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }, [place, map, now, painter]);
  if (!sample) return null;
  const label = labelOf(sample);
  return (
    <div ref={ref} class="map-pointed" data-testid="map-pointed" data-id={sample.id} aria-hidden="true">
      <div>
        <Picture sample={sample} />
        <strong>{label || strings.value.data.unlabelled}</strong>
        <span class="small">{sample.name}</span>
      </div>
    </div>
  );
}

function Legend() {
  const { data, head } = strings.value;
  const classes = openDataset.value?.classes ?? [];
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const without = tallied("").total;
  return (
    <ul class="map-legend small" aria-label={head.map.legend}>
      {classes.map(({ id, name }, place) => (
        <li key={id}>
          <MarkSign mark={markOf(place, dark)} />
          <span>
            {name} ({whole(tallied(id).total)})
          </span>
        </li>
      ))}
      {without > 0 && (
        <li>
          <MarkSign mark={markOf(-1, dark)} />
          <span>
            {data.unlabelled} ({whole(without)})
          </span>
        </li>
      )}
    </ul>
  );
}
