/** Which networks can be asked about which images: size, channels and the number of classes must agree. */
import { signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { ModelInfo } from "../engine/types";
import { strings } from "../i18n";
import type { Model } from "./session";

/** What a network takes and how many classes it tells apart; of images, what they are and how many classes they have. */
export interface Shape {
  channels: number;
  height: number;
  width: number;
  classes: number;
}

const DIGIT: Shape = { channels: 1, height: 28, width: 28, classes: 10 };
const photo = (side: number): Shape => ({ channels: 3, height: side, width: side, classes: 1000 });

/** By the model's id, as far as it is known. A file does not change. */
const shapes = signal<ReadonlyMap<string, Shape>>(
  new Map([
    ["digits", DIGIT],
    ["fashion", DIGIT],
    ["lite0", photo(224)],
    ["lite2", photo(260)],
  ]),
);
/** Files that could not be opened are not tried again. */
const unreadable = new Set<string>();

export function shapeOf({ channels, height, width, labels }: ModelInfo): Shape {
  return { channels, height, width, classes: labels.length };
}

/** What a model takes, as far as it is known. */
export function knownShape({ id }: Pick<Model, "id">): Shape | undefined {
  return shapes.value.get(id);
}

/** Why a network cannot be tested on these images; empty where it can. */
export function unfit(network: Shape, images: Shape): string {
  const { test } = strings.value;
  if (network.classes !== images.classes) return test.unfitClasses(network.classes, images.classes);
  const size = ({ height, width, channels }: Shape) => `${height} × ${width} × ${channels}`;
  return size(network) === size(images) ? "" : test.unfitSize(size(network), size(images));
}

/** A person's own pictures as a network for photos is given them: at its own size, whatever the dataset's is. */
export function asSeenBy<I extends Shape>(network: Shape, images: I, own: boolean): I {
  const { channels, height, width } = network;
  return own && channels === 3 ? { ...images, channels, height, width } : images;
}

/** The models that are known to fit the images. */
export function fitting<M extends Pick<Model, "id">>(models: readonly M[], images: Shape): M[] {
  return models.filter((model) => {
    const shape = knownShape(model);
    return shape !== undefined && unfit(shape, images) === "";
  });
}

/** Opens the files that nothing is known of yet, one after the other; `over` ends it. */
export async function learnShapes(
  models: readonly Model[],
  open: (model: Model) => Promise<ModelInfo>,
  over: AbortSignal,
): Promise<void> {
  for (const model of models) {
    if (over.aborted) return;
    if (shapes.peek().has(model.id) || unreadable.has(model.id)) continue;
    try {
      shapes.value = new Map(shapes.peek()).set(model.id, shapeOf(await open(model)));
    } catch (error) {
      // Of a worker that died, or of a download, it is not the file's fault.
      if (EngineError.from(error).code.startsWith("onnx-")) unreadable.add(model.id);
    }
  }
}
