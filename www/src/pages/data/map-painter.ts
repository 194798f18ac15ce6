/** Draws the map: a mark for each image, and the images themselves where there is room for them. */
import type { OwnSample } from "../../engine/library/records";
import { pictureOf } from "../../store/own/pictures";
import { blit, cleared } from "./map-blit";
import { inSight, type Size, type Spot, scaleOf, type View } from "./map-geometry";
import { type Mark, markOf, trace } from "./map-marks";

/** With no more in sight than this the images themselves are drawn. */
const MOST_PICTURES = 160;
/** Along both sides of a drawn image, in CSS pixels. */
const PICTURE = { least: 22, most: 64 };
/** Marks get smaller where there are many. */
const MARK = { least: 2.2, most: 5 };
/** Of what a filter hides. */
const FAINT = 0.16;
const BORDER = 3;
/** The mark at a picture's corner. */
const SIGN = 6;
/** More marks than this are put down by hand. */
const MANY = 1500;

export interface Scene {
  points: Float32Array;
  /** By place; undefined: it has been removed. */
  samples: readonly (OwnSample | undefined)[];
  /** The place of a sample's class among the classes, by its id. */
  classes: ReadonlyMap<string, number>;
  view: View;
  selected: ReadonlySet<number>;
  /** The ids that a filter lets through; null: all. */
  shown: ReadonlySet<number> | null;
  pointed: number | null;
  lasso: readonly Spot[];
}

/** Colours of the page that are drawn with. */
interface Ink {
  dark: boolean;
  text: string;
  ground: string;
  accent: string;
}

/** What is selected lies on top. */
const LAYERS = ["hidden", "shown", "selected"] as const;

/** The places in each. */
type Layers = Record<(typeof LAYERS)[number], number[]>;

export class MapPainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #sprites = new Map<string, HTMLCanvasElement>();
  /** By address: those that are looked at. */
  #images = new Map<string, HTMLImageElement>();
  /** Of the canvas's pixels, while there are many marks. */
  #whole: ImageData | null = null;
  #size: Size = { width: 1, height: 1 };
  #ratio = 1;

  constructor(
    readonly canvas: HTMLCanvasElement,
    /** Called when an image has been decoded, and could be drawn. */
    readonly again: () => void,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser gives no canvas to draw on.");
    this.#context = context;
  }

  get size(): Size {
    return this.#size;
  }

  /** Takes the element's size in the page. */
  fit(): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.#ratio = Math.min(devicePixelRatio || 1, 2);
    this.#size = { width: clientWidth, height: clientHeight };
    this.canvas.width = Math.round(clientWidth * this.#ratio);
    this.canvas.height = Math.round(clientHeight * this.#ratio);
    this.#sprites.clear();
  }

  draw(scene: Scene): void {
    const context = this.#context;
    const ink = inkOf(this.canvas);
    const { points, samples, classes, selected, shown } = scene;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, this.#size.width, this.#size.height);
    const places = inSight(points, scene.view, this.#size, PICTURE.most).filter((place) => samples[place]);
    const layers: Layers = { hidden: [], shown: [], selected: [] };
    for (const place of places) {
      const { id } = samples[place] as OwnSample;
      layers[shown && !shown.has(id) ? "hidden" : selected.has(id) ? "selected" : "shown"].push(place);
    }
    const visible = layers.shown.length + layers.selected.length;
    const asPictures = visible > 0 && visible <= MOST_PICTURES;
    const radius = radiusFor(visible);
    const side = Math.min(Math.max(pictureSide(this.#size, visible), PICTURE.least), PICTURE.most);
    const spot = this.#placing(scene.view, points);
    const of = ({ label }: OwnSample) => (label === null ? -1 : (classes.get(label) ?? -1));
    if (visible > MANY) this.#many(layers, samples, of, spot, radius, ink);
    for (const layer of visible > MANY ? [] : LAYERS) {
      context.globalAlpha = layer === "hidden" ? FAINT : 1;
      for (const place of layers[layer]) {
        const sample = samples[place] as OwnSample;
        const [x, y] = spot(place);
        const mark = markOf(of(sample), ink.dark);
        const picture = asPictures && layer !== "hidden" ? this.#imageOf(sample) : null;
        const ring = layer === "selected" ? ink.text : null;
        if (picture) this.#picture(picture, mark, x, y, side, ring, ink);
        else this.#mark(mark, x, y, radius, ring);
      }
    }
    context.globalAlpha = 1;
    const pointed = places.find((place) => samples[place]?.id === scene.pointed);
    if (pointed !== undefined)
      this.#ring(...spot(pointed), asPictures ? side / 2 + 6 : radius + 5, asPictures, { ...ink, text: ink.accent });
    if (!asPictures) this.#images.clear();
    this.#lasso(scene.lasso, ink);
  }

  /** Where a point is on the canvas, by its place. */
  #placing(view: View, points: Float32Array): (place: number) => Spot {
    const scale = scaleOf(view, this.#size);
    const left = this.#size.width / 2 - view.x * scale;
    const top = this.#size.height / 2 - view.y * scale;
    return (place) => [left + (points[place * 2] as number) * scale, top + (points[place * 2 + 1] as number) * scale];
  }

  /** Tens of thousands of marks within a frame. */
  #many(
    layers: Layers,
    samples: Scene["samples"],
    of: (sample: OwnSample) => number,
    spot: (place: number) => Spot,
    radius: number,
    ink: Ink,
  ): void {
    const { width, height } = this.canvas;
    if (this.#whole?.width !== width || this.#whole.height !== height) this.#whole = new ImageData(width, height);
    cleared(this.#whole, rgbOf(ink.ground));
    for (const layer of LAYERS) {
      const sprites = new Map<number, ImageData | null>();
      for (const place of layers[layer]) {
        const kind = of(samples[place] as OwnSample);
        let sprite = sprites.get(kind);
        if (sprite === undefined) {
          const drawn = this.#sprite(markOf(kind, ink.dark), radius, layer === "selected" ? ink.text : null);
          sprite = drawn.getContext("2d")?.getImageData(0, 0, drawn.width, drawn.height) ?? null;
          sprites.set(kind, sprite);
        }
        const [x, y] = spot(place);
        if (sprite) blit(this.#whole, sprite, x * this.#ratio, y * this.#ratio, layer === "hidden" ? FAINT : 1);
      }
    }
    this.#context.putImageData(this.#whole, 0, 0);
  }

  #mark(mark: Mark, x: number, y: number, radius: number, ring: string | null): void {
    const half = halfOf(radius);
    this.#context.drawImage(this.#sprite(mark, radius, ring), x - half, y - half, half * 2, half * 2);
  }

  /** A mark is drawn once and then copied. `ring`: its colour, around what is selected. */
  #sprite(mark: Mark, radius: number, ring: string | null): HTMLCanvasElement {
    const key = `${mark.colour} ${String(mark.shape)} ${radius} ${ring}`;
    const known = this.#sprites.get(key);
    if (known) return known;
    const sprite = document.createElement("canvas");
    const half = halfOf(radius);
    sprite.width = sprite.height = Math.ceil(half * 2 * this.#ratio);
    const context = sprite.getContext("2d");
    if (context) {
      context.scale(this.#ratio, this.#ratio);
      context.fillStyle = mark.colour;
      trace(context, mark, half, half, radius);
      context.fill();
      if (ring) {
        context.strokeStyle = ring;
        context.lineWidth = 2;
        context.beginPath();
        context.arc(half, half, half - 1.5, 0, 2 * Math.PI);
        context.stroke();
      }
    }
    this.#sprites.set(key, sprite);
    return sprite;
  }

  #picture(
    image: HTMLImageElement,
    mark: Mark,
    x: number,
    y: number,
    side: number,
    ring: string | null,
    ink: Ink,
  ): void {
    const context = this.#context;
    const half = side / 2;
    context.fillStyle = mark.colour;
    context.fillRect(x - half - BORDER, y - half - BORDER, side + 2 * BORDER, side + 2 * BORDER);
    context.fillStyle = "#fff";
    context.fillRect(x - half, y - half, side, side);
    const short = Math.min(image.naturalWidth, image.naturalHeight);
    const [left, top] = [(image.naturalWidth - short) / 2, (image.naturalHeight - short) / 2];
    context.drawImage(image, left, top, short, short, x - half, y - half, side, side);
    this.#mark(mark, x - half, y - half, SIGN, null);
    if (ring) this.#ring(x, y, half + BORDER + 2, true, { ...ink, text: ring });
  }

  /** Around a mark, or square around a picture. */
  #ring(x: number, y: number, reach: number, square: boolean, { text, ground }: Ink): void {
    const context = this.#context;
    context.beginPath();
    if (square) context.rect(x - reach, y - reach, 2 * reach, 2 * reach);
    else context.arc(x, y, reach, 0, 2 * Math.PI);
    context.strokeStyle = ground;
    context.lineWidth = square ? 7 : 4;
    context.stroke();
    context.strokeStyle = text;
    context.lineWidth = square ? 4 : 2;
    context.stroke();
  }

  #lasso(outline: readonly Spot[], ink: Ink): void {
    if (outline.length < 2) return;
    const context = this.#context;
    context.beginPath();
    for (const [x, y] of outline) context.lineTo(x, y);
    context.closePath();
    context.globalAlpha = 0.14;
    context.fillStyle = ink.accent;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = ink.accent;
    context.lineWidth = 2;
    context.setLineDash([6, 4]);
    context.stroke();
    context.setLineDash([]);
  }

  /** null until it has been read and decoded. */
  #imageOf(sample: OwnSample): HTMLImageElement | null {
    const address = pictureOf(sample);
    if (!address) return null;
    let image = this.#images.get(address);
    if (!image) {
      image = new Image();
      image.src = address;
      image.decode().then(this.again, () => {});
      this.#images.set(address, image);
    }
    return image.complete && image.naturalWidth > 0 ? image : null;
  }
}

/** From a sprite's middle to its edge: the largest shape and a ring around it fit in. */
function halfOf(radius: number): number {
  return radius * 1.3 + 3;
}

/** Of a colour as `#rrggbb`. */
function rgbOf(colour: string): [number, number, number] {
  const n = Number.parseInt(colour.trim().slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

/** Half of the side that each would have if they lay in rows. */
function pictureSide({ width, height }: Size, count: number): number {
  return Math.sqrt((width * height) / Math.max(count, 1)) * 0.45;
}

function radiusFor(count: number): number {
  return Math.round(Math.min(Math.max(180 / Math.sqrt(Math.max(count, 1)), MARK.least), MARK.most) * 4) / 4;
}

function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  return {
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    text: style.getPropertyValue("--text"),
    ground: style.getPropertyValue("--surface"),
    accent: style.getPropertyValue("--accent"),
  };
}
