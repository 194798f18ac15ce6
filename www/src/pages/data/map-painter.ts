/** Draws the map: a mark for each image, and the images themselves where there is room for them. */
import type { OwnSample } from "../../engine/library/records";
import { pictureOf } from "../../store/own/pictures";
import { inSight, type Size, type Spot, toScreen, type View } from "./map-geometry";
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

export class MapPainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #sprites = new Map<string, HTMLCanvasElement>();
  /** By address: those that are looked at. */
  #images = new Map<string, HTMLImageElement>();
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
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, this.#size.width, this.#size.height);
    const places = inSight(scene.points, scene.view, this.#size, PICTURE.most).filter((place) => scene.samples[place]);
    const isShown = ({ id }: OwnSample) => scene.shown?.has(id) ?? true;
    const some = places.map((place) => scene.samples[place] as OwnSample);
    const visible = some.filter(isShown).length;
    const asPictures = visible > 0 && visible <= MOST_PICTURES;
    const radius = radiusFor(visible);
    // What is selected lies on top.
    for (const layer of ["hidden", "shown", "selected"] as const) {
      context.globalAlpha = layer === "hidden" ? FAINT : 1;
      for (const [i, place] of places.entries()) {
        const sample = some[i] as OwnSample;
        const of = !isShown(sample) ? "hidden" : scene.selected.has(sample.id) ? "selected" : "shown";
        if (of !== layer) continue;
        const [x, y] = toScreen(scene.view, this.#size, ...pointAt(scene.points, place));
        const mark = markOf(sample.label === null ? -1 : (scene.classes.get(sample.label) ?? -1), ink.dark);
        const picture = asPictures && layer !== "hidden" ? this.#imageOf(sample) : null;
        const side = Math.min(Math.max(pictureSide(this.#size, visible), PICTURE.least), PICTURE.most);
        if (picture) this.#picture(picture, mark, x, y, side);
        else this.#mark(mark, x, y, radius);
        const reach = picture ? side / 2 + BORDER + 2 : radius + 3;
        if (layer === "selected") this.#ring(x, y, reach, picture !== null, ink.accent, ink.ground);
        if (sample.id === scene.pointed) this.#ring(x, y, reach + 2, picture !== null, ink.text, ink.ground);
      }
    }
    context.globalAlpha = 1;
    if (!asPictures) this.#images.clear();
    this.#lasso(scene.lasso, ink);
  }

  /** A mark is drawn once and then copied: thousands of them are quick. */
  #mark(mark: Mark, x: number, y: number, radius: number): void {
    const key = `${mark.colour} ${String(mark.shape)} ${radius}`;
    const half = radius * 1.3 + 1;
    let sprite = this.#sprites.get(key);
    if (!sprite) {
      sprite = document.createElement("canvas");
      sprite.width = sprite.height = Math.ceil(half * 2 * this.#ratio);
      const context = sprite.getContext("2d");
      if (!context) return;
      context.scale(this.#ratio, this.#ratio);
      context.fillStyle = mark.colour;
      trace(context, mark, half, half, radius);
      context.fill();
      this.#sprites.set(key, sprite);
    }
    this.#context.drawImage(sprite, x - half, y - half, half * 2, half * 2);
  }

  #picture(image: HTMLImageElement, mark: Mark, x: number, y: number, side: number): void {
    const context = this.#context;
    const half = side / 2;
    context.fillStyle = mark.colour;
    context.fillRect(x - half - BORDER, y - half - BORDER, side + 2 * BORDER, side + 2 * BORDER);
    context.fillStyle = "#fff";
    context.fillRect(x - half, y - half, side, side);
    const short = Math.min(image.naturalWidth, image.naturalHeight);
    const [left, top] = [(image.naturalWidth - short) / 2, (image.naturalHeight - short) / 2];
    context.drawImage(image, left, top, short, short, x - half, y - half, side, side);
    this.#mark(mark, x - half, y - half, 6);
  }

  /** Around a mark, or square around a picture. */
  #ring(x: number, y: number, reach: number, square: boolean, colour: string, ground: string): void {
    const context = this.#context;
    context.beginPath();
    if (square) context.rect(x - reach, y - reach, 2 * reach, 2 * reach);
    else context.arc(x, y, reach, 0, 2 * Math.PI);
    context.strokeStyle = ground;
    context.lineWidth = square ? 7 : 4;
    context.stroke();
    context.strokeStyle = colour;
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

function pointAt(points: Float32Array, place: number): [number, number] {
  return [points[place * 2] as number, points[place * 2 + 1] as number];
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
