/** How one number came about: the arithmetic of each kind of layer, from the values of the layer before. */
import type { LayerSpec } from "../../engine/types";
import { BATCH_NORM_EPSILON, type Cell, type Net, place, type Run, type Shape } from "./net";

/** A window on one channel of the stage before. `null`: beyond the edge, where a convolution finds zero. */
export interface Patch {
  channel: number;
  /** The window's first row and column; below zero where it begins in the padding. */
  row: number;
  column: number;
  size: { height: number; width: number };
  /** Row by row. */
  values: (number | null)[];
}

/** A part of a weighted sum: of convolution a channel's patch × kernel, of a dense layer one input × weight. */
export interface Term {
  /** The channel, or the input. */
  source: number;
  product: number;
}

export type ActivationKind = "relu" | "leakyRelu" | "sigmoid" | "tanh" | "gelu";

/** `result` is what the arithmetic comes to, in 64 bits. */
export type Arithmetic = { result: number } & (
  | { kind: "image" }
  | {
      kind: "correlation";
      terms: Term[];
      sum: number;
      bias: number;
      patch(channel: number): Patch;
      kernel(channel: number): Float32Array;
    }
  | { kind: "weighted"; terms: (Term & { x: number; weight: number })[]; sum: number; bias: number }
  | { kind: "largest"; patch: Patch; winner: number }
  | { kind: "mean"; patch: Patch; sum: number }
  | { kind: "normalised"; x: number; mean: number; variance: number; scale: number; shift: number }
  | { kind: "activation"; function: ActivationKind; slope: number; x: number }
  | { kind: "same"; because: "dropout" | "flatten"; from: number }
  | { kind: "clipped"; x: number; least: number; most: number }
  /** The same cell of each of the stages that it is made of. */
  | { kind: "added"; terms: Term[] }
  /** What this operator does is not worked out. */
  | { kind: "unknown" }
  | { kind: "share"; x: number; largest: number; power: number; sum: number }
);

export function arithmetic(net: Net, run: Run, cell: Cell): Arithmetic {
  const x = run.values(net.before(cell.stage));
  if (cell.stage === 0) return { kind: "image", result: x[cell.index] ?? 0 };
  const layer = net.layer(cell.stage);
  if (!layer) return operation(net, run, cell);
  switch (layer.kind) {
    case "conv":
    case "depthwise":
      return correlation(net, x, cell, layer);
    case "dense":
      return weighted(net, x, cell);
    case "maxPool": {
      const patch = window(net, x, cell, layer);
      const winner = argMax(patch.values);
      return { kind: "largest", patch, winner, result: patch.values[winner] ?? 0 };
    }
    case "avgPool":
      return mean(window(net, x, cell, layer));
    case "globalAvgPool":
      return mean(everything(net, x, cell));
    case "batchNorm":
      return normalised(net, x, cell);
    case "dropout":
    case "flatten":
      return { kind: "same", because: layer.kind, from: cell.index, result: x[cell.index] ?? 0 };
    default:
      return activation(layer, x[cell.index] ?? 0);
  }
}

/** What is no layer of Hearth's, but is common in files from elsewhere. */
function operation(net: Net, run: Run, cell: Cell): Arithmetic {
  const { operator, inputs, bounds, shape } = net.stage(cell.stage);
  const result = run.values(cell.stage)[cell.index] ?? 0;
  const alike = inputs.every((input) => net.stage(input).shape.join() === shape.join());
  if (net.isSoftmax(cell.stage) && net.isList(cell.stage)) return share(run.values(net.before(cell.stage)), cell.index);
  const at = (input: number) => run.values(input)[cell.index] ?? 0;
  const [first] = inputs;
  if (operator === "Clip" && bounds && first !== undefined && alike) {
    const [least, most] = bounds;
    const x = at(first);
    return { kind: "clipped", x, least, most, result: Math.min(Math.max(x, least), most) };
  }
  // A sum with something constant has but one input here.
  if (operator === "Add" && inputs.length === 2 && alike) {
    const terms = inputs.map((source) => ({ source, product: at(source) }));
    return { kind: "added", terms, result: total(terms.map(({ product }) => product)) };
  }
  return { kind: "unknown", result };
}

/** A layer that works on each value by itself, and what it makes of the one in question. */
export interface Step {
  cell: Cell;
  value: number;
  activates: boolean;
}

/** What becomes of a weighted sum up to and with its activation: batch norm, then ReLU or its like. */
export function afterwards(net: Net, run: Run, cell: Cell): Step[] {
  const steps: Step[] = [];
  const own = net.layer(cell.stage);
  if (!(isSum(own) || own?.kind === "batchNorm")) return steps;
  let last = cell.stage;
  for (;;) {
    const users = net.users(last);
    const [next] = users;
    // What several take goes several ways.
    if (next === undefined || users.length > 1) return steps;
    const layer = net.layer(next);
    const activates = layer ? isActivation(layer) : net.stage(next).operator === "Clip";
    if (!(activates || layer?.kind === "batchNorm") || !run.has(next)) return steps;
    steps.push({ cell: { stage: next, index: cell.index }, value: run.values(next)[cell.index] ?? 0, activates });
    if (activates) return steps;
    last = next;
  }
}

function isActivation(layer: LayerSpec): boolean {
  return ["relu", "leakyRelu", "sigmoid", "tanh", "gelu"].includes(layer.kind);
}

/** Whether a layer is a weighted sum, so that an activation after it belongs to it. */
function isSum(layer: LayerSpec | undefined): boolean {
  return layer !== undefined && ["conv", "depthwise", "dense"].includes(layer.kind);
}

interface Window {
  height: number;
  width: number;
  stride: number;
  padding: number;
}

/** How a layer's window moves; null where a cell has no window of its own. */
export function windowOf(layer: LayerSpec, before: Shape): Window | null {
  switch (layer.kind) {
    case "conv":
    case "depthwise":
      return { height: layer.kernel, width: layer.kernel, stride: layer.stride, padding: layer.padding };
    case "maxPool":
    case "avgPool":
      return { height: layer.size, width: layer.size, stride: layer.stride, padding: 0 };
    case "globalAvgPool":
      return { height: before.height, width: before.width, stride: 1, padding: 0 };
    default:
      return null;
  }
}

type Of<K extends LayerSpec["kind"]> = Extract<LayerSpec, { kind: K }>;

/** Cross-correlation: over the channels, Σ patch × kernel. A depthwise filter has only its own channel. */
function correlation(net: Net, x: Float32Array, cell: Cell, layer: Of<"conv" | "depthwise">): Arithmetic {
  const before = net.shape(net.before(cell.stage));
  const filter = place(net.shape(cell.stage), cell.index).channel;
  const weight = net.weight(cell.stage, "weight");
  const area = layer.kernel * layer.kernel;
  const own = layer.kind === "depthwise";
  const kernel = (channel: number) => {
    const start = (own ? filter : filter * before.channels + channel) * area;
    return weight.subarray(start, start + area);
  };
  const patch = (channel: number) => cut(net, x, cell, layer, channel);
  const channels = own ? [filter] : Array.from({ length: before.channels }, (_, channel) => channel);
  const terms = channels.map((channel) => ({ source: channel, product: dot(patch(channel).values, kernel(channel)) }));
  const sum = total(terms.map(({ product }) => product));
  const bias = net.weight(cell.stage, "bias")[filter] ?? 0;
  return { kind: "correlation", terms: largestFirst(terms), sum, bias, patch, kernel, result: sum + bias };
}

/** A dense layer: Σ input × weight. */
function weighted(net: Net, x: Float32Array, cell: Cell): Arithmetic {
  const units = net.shape(cell.stage).channels;
  const weights = net.weight(cell.stage, "weight");
  const terms = Array.from(x, (value, source) => {
    const weight = weights[source * units + cell.index] ?? 0;
    return { source, x: value, weight, product: value * weight };
  });
  const sum = total(terms.map(({ product }) => product));
  const bias = net.weight(cell.stage, "bias")[cell.index] ?? 0;
  return { kind: "weighted", terms: largestFirst(terms), sum, bias, result: sum + bias };
}

function mean(patch: Patch): Arithmetic {
  const sum = total(patch.values.map((value) => value ?? 0));
  return { kind: "mean", patch, sum, result: sum / patch.values.length };
}

/** Ioffe & Szegedy 2015, with the statistics gathered during training. */
function normalised(net: Net, x: Float32Array, cell: Cell): Arithmetic {
  const { channel } = place(net.shape(cell.stage), cell.index);
  const part = (name: string) => net.weight(cell.stage, name)[channel] ?? 0;
  const [mean, variance, scale, shift] = [part("mean"), part("variance"), part("scale"), part("bias")];
  const value = x[cell.index] ?? 0;
  const result = (scale * (value - mean)) / Math.sqrt(variance + BATCH_NORM_EPSILON) + shift;
  return { kind: "normalised", x: value, mean, variance, scale, shift, result };
}

function activation(layer: Of<ActivationKind>, x: number): Arithmetic {
  const slope = layer.kind === "leakyRelu" ? layer.slope : 0;
  return { kind: "activation", function: layer.kind, slope, x, result: activated(layer.kind, x, slope) };
}

function activated(kind: ActivationKind, x: number, slope: number): number {
  switch (kind) {
    case "relu":
      return Math.max(x, 0);
    case "leakyRelu":
      return x >= 0 ? x : slope * x;
    case "sigmoid":
      return 1 / (1 + Math.exp(-x));
    case "tanh":
      return Math.tanh(x);
    case "gelu":
      return (x / 2) * (1 + erf(x / Math.SQRT2));
  }
}

/** Softmax, with the largest taken off first, as the engine does. */
function share(logits: Float32Array, index: number): Arithmetic {
  const largest = logits.reduce((most, z) => Math.max(most, z), Number.NEGATIVE_INFINITY);
  const x = logits[index] ?? 0;
  const power = Math.exp(x - largest);
  const sum = logits.reduce((all, z) => all + Math.exp(z - largest), 0);
  return { kind: "share", x, largest, power, sum, result: power / sum };
}

/** The error function to 1.2e-7: W. J. Cody's form as in Numerical Recipes, 6.2, `erfcc`. */
function erf(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const complement = t * Math.exp(-x * x + polynomial);
  return x >= 0 ? 1 - complement : complement - 1;
}

function window(net: Net, x: Float32Array, cell: Cell, layer: Of<"maxPool" | "avgPool">): Patch {
  return cut(net, x, cell, layer, place(net.shape(cell.stage), cell.index).channel);
}

function everything(net: Net, x: Float32Array, cell: Cell): Patch {
  return cut(net, x, cell, { kind: "globalAvgPool" }, cell.index);
}

/** What the window of a cell sees of a channel of the stage before. */
function cut(net: Net, x: Float32Array, cell: Cell, layer: LayerSpec, channel: number): Patch {
  const before = net.shape(net.before(cell.stage));
  const moved = windowOf(layer, before);
  const at = place(net.shape(cell.stage), cell.index);
  const { height = 1, width = 1, stride = 1, padding = 0 } = moved ?? {};
  const [row, column] = [at.row * stride - padding, at.column * stride - padding];
  const values = Array.from({ length: height * width }, (_, i) => {
    const [r, c] = [row + Math.floor(i / width), column + (i % width)];
    const inside = r >= 0 && c >= 0 && r < before.height && c < before.width;
    return inside ? (x[(channel * before.height + r) * before.width + c] ?? 0) : null;
  });
  return { channel, row, column, size: { height, width }, values };
}

function dot(values: (number | null)[], kernel: Float32Array): number {
  return values.reduce<number>((sum, value, i) => sum + (value ?? 0) * (kernel[i] ?? 0), 0);
}

function total(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function argMax(values: (number | null)[]): number {
  const of = (i: number) => values[i] ?? Number.NEGATIVE_INFINITY;
  return values.reduce<number>((best, _, i) => (of(i) > of(best) ? i : best), 0);
}

function largestFirst<T extends Term>(terms: T[]): T[] {
  return terms.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
}
