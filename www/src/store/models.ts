/** What a model is, as far as a list shows it, and those that come with the page. */
import { strings } from "../i18n";
import type { KeptModel, ModelFacts } from "./database";

export interface Model {
  id: string;
  origin: "shipped" | KeptModel["origin"];
  /** For people. A shipped model's is in the page's language. */
  name: string;
  /** Of its file. */
  bytes: number;
  /** The file itself while it is nowhere else: until it is kept, and always if it cannot be. */
  onnx?: Uint8Array;
  labels?: string[];
  /** See `KeptModel`. */
  hash?: string;
  /** 0–1, of the held-out images of its training. */
  accuracy?: number;
  accuracyAt?: KeptModel["accuracyAt"];
  facts?: Partial<ModelFacts>;
  created?: number;
}

function shipped(id: string, bytes: number, facts: Partial<ModelFacts>): Model {
  return {
    id,
    origin: "shipped",
    get name() {
      return strings.value.session.names[id] ?? id;
    },
    bytes,
    facts,
  };
}

/**
 * What comes with the page, the one to begin with first, and what each file says of itself, so that it is listed before it
 * is fetched. The files for photos say nothing of a test: theirs is the bench's, on a photo of each class.
 */
export const SHIPPED: readonly [Model, ...Model[]] = [
  shipped("digits", 942_367, { takesDrawings: true, test: { dataset: "mnist", n: 10_000, accuracy: 0.9955 } }),
  shipped("fashion", 827_685, { takesDrawings: true, test: { dataset: "fashion-mnist", n: 10_000, accuracy: 0.926 } }),
  shipped("lite0", 4_919_770, { takesDrawings: false, test: { dataset: "photos", n: 1000, accuracy: 0.884 } }),
  shipped("lite2", 6_388_491, { takesDrawings: false, test: { dataset: "photos", n: 1000, accuracy: 0.906 } }),
];

/** How many answers of a model were right, 0–1: in a test on images of its own, or else in its training. */
export function accuracyOf({ facts, accuracy }: Model): number | undefined {
  return facts?.test?.accuracy ?? accuracy;
}

/** The same in every language, without an ending. */
export function fileNameOf({ origin, id, name }: Model): string {
  return origin === "shipped" ? id : name.replace(/[\\/:*?"<>|]/g, "-");
}
