/** A network that has been opened up, and where in its arrays to look. Plain functions on plain arrays. */
import type { OpenedLayers } from "../../engine/protocol";
import type { LayerSpec, Stage } from "../../engine/types";

/** Added to the variance in batch normalisation, as in the file. */
export const BATCH_NORM_EPSILON = 1e-5;

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

/** Stage 0 is the image, stage i + 1 what layer i puts out; a stage without a layer after those is the softmax. */
export class Net {
  /** The same for networks of the same layers. */
  readonly key: string;
  readonly #parts: Map<string, { start: number; size: number }>;

  constructor(private readonly opened: OpenedLayers) {
    this.key = this.stages.map(({ layer, shape }) => `${layer?.kind ?? ""} ${shape.join("×")}`).join(", ");
    this.#parts = new Map(
      opened.info.parts.map(({ name, shape, start }) => [name, { start, size: product(shape) }] as const),
    );
  }

  get info(): OpenedLayers["info"] {
    return this.opened.info;
  }

  get stages(): Stage[] {
    return this.opened.info.stages;
  }

  stage(index: number): Stage {
    const stage = this.stages[index];
    if (!stage) throw new RangeError(`There is no stage ${index}.`);
    return stage;
  }

  layer(stage: number): LayerSpec | undefined {
    return this.stages[stage]?.layer;
  }

  shape(stage: number): Shape {
    const [channels = 1, height = 1, width = 1] = this.stage(stage).shape;
    return { channels, height, width };
  }

  /** Whether a stage is a list of numbers, and no image. */
  isList(stage: number): boolean {
    return this.stage(stage).shape.length === 1;
  }

  /** How many values a run answers with. */
  get size(): number {
    const last = this.stage(this.stages.length - 1);
    return last.start + product(last.shape);
  }

  /** A stage's part of what a run answered with. */
  values(run: Float32Array, stage: number): Float32Array {
    const { start, shape } = this.stage(stage);
    return run.subarray(start, start + product(shape));
  }

  /** The image that a run was given, as bytes again. */
  image(run: Float32Array): Uint8ClampedArray {
    const { offset, scale } = this.info.preprocessing;
    return Uint8ClampedArray.from(this.values(run, 0), (value) => value / scale + offset);
  }

  /** An array of the layer that leads to a stage; empty where it has none of that name. */
  weight(stage: number, part: string): Float32Array {
    const { start, size } = this.#parts.get(`${stage - 1}.${part}`) ?? { start: 0, size: 0 };
    return this.opened.weights.subarray(start, start + size);
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
