/** A network that has been opened up, and where in its arrays to look. Plain functions on plain arrays. */
import type { LayerSpec, LayersInfo, PerChannel, Stage } from "../../engine/types";

/** Added to the variance in batch normalisation, as in the file. */
export const BATCH_NORM_EPSILON = 1e-5;
/** The values of a network of no more are all fetched with every image: 8 MB. */
const SMALL = 2_000_000;
const NONE = new Float32Array(0);

/** What stands at a stage: channels of one size; a list of numbers is channels of one cell each. */
export interface Shape {
  channels: number;
  height: number;
  width: number;
}

/** A value of a stage, by its place among the stage's values. */
export interface Cell {
  stage: number;
  index: number;
}

/** What an image became on its way: every stage small, and the values of those stages that were fetched. */
export class Run {
  constructor(
    readonly overview: Float32Array,
    private readonly stages: ReadonlyMap<number, Float32Array>,
  ) {}

  /** Empty where they have not been fetched. */
  values(stage: number): Float32Array {
    return this.stages.get(stage) ?? NONE;
  }

  has(stage: number): boolean {
    return this.stages.has(stage);
  }

  /** The same run with other stages' values in place of those that were fetched before. */
  with(stages: ReadonlyMap<number, Float32Array>): Run {
    return new Run(this.overview, stages);
  }
}

/** Stage 0 is the image, every other what an operator outputs: `layer` is missing where it is none of Hearth's. */
export class Net {
  /** The same for networks of the same layers. */
  readonly key: string;
  /** Whether everything it holds is fetched at once. */
  readonly isSmall: boolean;
  readonly #weights = new Map<number, Float32Array>();

  /** `weights`: all of them, or none where they are fetched by layer. */
  constructor(
    readonly info: LayersInfo,
    weights: Float32Array,
  ) {
    this.key = this.stages.map(({ layer, shape }) => `${layer?.kind ?? ""} ${shape.join("×")}`).join(", ");
    this.isSmall = this.stages.reduce((sum, { shape }) => sum + product(shape), 0) <= SMALL;
    if (weights.length === 0) return;
    for (let layer = 0; layer + 1 < this.stages.length; layer++) {
      const parts = this.#partsOf(layer);
      const [first, last] = [parts[0], parts.at(-1)];
      if (first && last) this.#weights.set(layer, weights.subarray(first.start, last.start + product(last.shape)));
    }
  }

  get stages(): Stage[] {
    return this.info.stages;
  }

  stage(index: number): Stage {
    const stage = this.stages[index];
    if (!stage) throw new RangeError(`There is no stage ${index}.`);
    return stage;
  }

  layer(stage: number): LayerSpec | undefined {
    return this.stages[stage]?.layer;
  }

  /** The stage that a layer, which has one input, is given. */
  before(stage: number): number {
    return this.stages[stage]?.inputs[0] ?? 0;
  }

  /** The stages that take this one. */
  users(stage: number): number[] {
    return this.stages.flatMap(({ inputs }, i) => (inputs.includes(stage) ? [i] : []));
  }

  isSoftmax(stage: number): boolean {
    return this.stages[stage]?.operator === "Softmax";
  }

  shape(stage: number): Shape {
    const [channels = 1, height = 1, width = 1] = this.stage(stage).shape;
    return { channels, height, width };
  }

  /** Whether a stage is a list of numbers, and no image. */
  isList(stage: number): boolean {
    return this.stage(stage).shape.length === 1;
  }

  /** How many values an overview of it has. */
  get overviewSize(): number {
    const { start, shape } = this.stage(this.stages.length - 1).small;
    return start + product(shape);
  }

  /** A stage's part of an overview: maps of one size, of a list numbers. */
  small(run: Run, stage: number): { values: Float32Array; shape: Shape } {
    const { start, shape } = this.stage(stage).small;
    const [channels = 1, height = 1, width = 1] = shape;
    return { values: run.overview.subarray(start, start + product(shape)), shape: { channels, height, width } };
  }

  /** The stages whose values the page needs while it shows one large. */
  needed(stage: number): number[] {
    if (this.isSmall) return this.stages.map((_, i) => i);
    const after = this.users(stage).flatMap((user) => [user, ...this.users(user)]);
    const { inputs } = this.stage(stage);
    return [...new Set([0, ...inputs, stage, ...after, this.info.answer])].sort((a, b) => a - b);
  }

  /** What stages hold that came one after another. */
  cut(stages: readonly number[], values: Float32Array): Map<number, Float32Array> {
    let start = 0;
    return new Map(
      stages.map((stage) => {
        const from = start;
        start += product(this.stage(stage).shape);
        return [stage, values.subarray(from, start)] as const;
      }),
    );
  }

  /** What a network was given, as bytes again: ink bright, and colours red, green, blue, whatever it takes. */
  bytes(values: Float32Array): Uint8ClampedArray {
    const { fit, offset, scale, order, ink } = this.info.preprocessing;
    const { channels } = this.shape(0);
    const plane = values.length / channels;
    // As in Rust: only what takes ink takes it dark.
    const isDark = ink === "dark" && typeof fit === "string";
    const bytes = new Uint8ClampedArray(values.length);
    for (const [at, value] of values.entries()) {
      const channel = Math.floor(at / plane);
      const colour = order === "bgr" && channels === 3 ? 2 - channel : channel;
      const byte = value / ofColour(scale, colour) + ofColour(offset, colour);
      bytes[colour * plane + (at % plane)] = isDark ? 255 - byte : byte;
    }
    return bytes;
  }

  /** Whether the weights of the layer that leads to a stage are here. */
  hasWeights(stage: number): boolean {
    return this.#weights.has(stage - 1) || this.#partsOf(stage - 1).length === 0;
  }

  keepWeights(stage: number, weights: Float32Array): void {
    this.#weights.set(stage - 1, weights);
  }

  /** An array of the layer that leads to a stage; empty where it has none of that name. */
  weight(stage: number, part: string): Float32Array {
    const parts = this.#partsOf(stage - 1);
    const found = parts.find(({ name }) => name === `${stage - 1}.${part}`);
    const start = found ? found.start - (parts[0]?.start ?? 0) : 0;
    return this.#weights.get(stage - 1)?.subarray(start, start + (found ? product(found.shape) : 0)) ?? NONE;
  }

  /** They lie one after another. */
  #partsOf(layer: number): LayersInfo["parts"] {
    return this.info.parts.filter(({ name }) => name.startsWith(`${layer}.`));
  }
}

/** A cell's place: its channel, and the row and column there. */
export function place({ height, width }: Shape, index: number): { channel: number; row: number; column: number } {
  return {
    channel: Math.floor(index / (height * width)),
    row: Math.floor(index / width) % height,
    column: index % width,
  };
}

export function product(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}

function ofColour(each: PerChannel, colour: number): number {
  return typeof each === "number" ? each : (each[colour] ?? each[0]);
}
