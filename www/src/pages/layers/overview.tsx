import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { live, net, openStage, run, stage } from "./look";
import type { Net, Shape } from "./net";
import { rangeOf, shadeOf } from "./paint";
import { picture } from "./seen";
import { colours } from "./shown";
import { shortOf, termOf, titleOf } from "./stage-names";

/** Between the small maps of a stage, in pixels of the canvas. */
const GAP = 2;
/** In heights of the window: what begins further down is scrolled to. */
const MOST_DOWN = 0.6;

/** The whole network, every stage small; the one that is shown large is marked. */
export function Overview() {
  const ref = useRef<HTMLDivElement>(null);
  const of = net.value;
  const shown = stage.value;
  const key = of?.key;
  useEffect(() => {
    const list = ref.current;
    const tab = list?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!list || !tab) return;
    list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  }, [shown, key]);
  if (!of) return null;
  const { layers } = strings.value;
  const onKey = (event: KeyboardEvent) => {
    const to = STEPS[event.key]?.(shown, of.stages.length);
    if (to === undefined) return;
    event.preventDefault();
    openStage(to);
    ref.current?.querySelectorAll<HTMLElement>('[role="tab"]')[stage.value]?.focus();
  };
  return (
    <div ref={ref} class="look-overview" role="tablist" aria-label={layers.list} tabIndex={-1} onKeyDown={onKey}>
      {of.stages.map((_, i) => (
        // The order is what the stages are known by.
        <Tab key={`${of.key} ${i}`} of={of} at={i} />
      ))}
    </div>
  );
}

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

function Tab({ of, at }: { of: Net; at: number }) {
  const selected = stage.value === at;
  const title = titleOf(of, at);
  const { shape, inputs } = of.stage(at);
  return (
    <button
      type="button"
      class="look-tab"
      role="tab"
      id={`layers-tab-${at}`}
      aria-selected={selected}
      aria-controls="layers-stage"
      tabIndex={selected ? 0 : -1}
      title={title}
      aria-label={at === 0 ? title : `${at}, ${title}`}
      data-testid={at === 0 ? "layers-image" : "layers-layer"}
      data-index={at - 1}
      data-kind={termOf(of, at) ?? of.stage(at).operator ?? "image"}
      data-shape={shape.join("x")}
      data-feeds={of.stage(stage.value).inputs.includes(at)}
      data-joins={inputs.length > 1}
      onClick={() => {
        openStage(at);
        bringIntoView();
      }}
    >
      <Small of={of} at={at} />
      <span class="look-tab-name">{shortOf(of, at)}</span>
      <span class="look-tab-number">{at === 0 ? "" : at}</span>
    </button>
  );
}

/** On a phone what is shown large may lie below the window. */
function bringIntoView(): void {
  const shown = document.getElementById("layers-stage");
  if (shown && shown.getBoundingClientRect().top > innerHeight * MOST_DOWN) shown.scrollIntoView();
}

/** A stage's small maps, one below the other, a pixel for each value. */
function Small({ of, at }: { of: Net; at: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const shape = smallShape(of, at);
  useSignalEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!context) return;
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    if (run.value) context.putImageData(at === 0 ? smallImage(of) : smallMaps(of, at), 0, 0);
  });
  return (
    <canvas
      ref={ref}
      class="look-small"
      width={shape.width}
      height={shape.channels * (shape.height + gap(shape)) - gap(shape)}
      data-list={shape.height * shape.width === 1}
      aria-hidden="true"
      tabIndex={-1}
    />
  );
}

function gap({ height, width }: Shape): number {
  return height * width === 1 ? 0 : Math.max(1, Math.round((GAP * height) / 28));
}

function smallShape(of: Net, at: number): Shape {
  const [channels = 1, height = 1, width = 1] = of.stage(at).small.shape;
  return { channels: at === 0 ? 1 : channels, height, width };
}

function smallImage(of: Net): ImageData {
  const now = live(of);
  const { values, shape } = now.small(run.value as NonNullable<typeof run.value>, 0);
  return picture(now.bytes(values), shape);
}

function smallMaps(of: Net, at: number): ImageData {
  const { values, shape } = live(of).small(run.value as NonNullable<typeof run.value>, at);
  const between = gap(shape);
  const image = new ImageData(shape.width, shape.channels * (shape.height + between) - between);
  const shades = colours.value;
  if (!shades) return image;
  const pixels = new Uint32Array(image.data.buffer);
  const range = rangeOf(values);
  const area = shape.height * shape.width;
  values.forEach((value, i) => {
    pixels[i + Math.floor(i / area) * between * shape.width] = shadeOf(shades, value, range);
  });
  return image;
}
