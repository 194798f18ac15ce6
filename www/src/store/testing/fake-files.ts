/** Files and engines for tests: a network is a few words of JSON, and the engines know no more than those say. */
import { EngineError } from "../../engine/error";
import { besideOf } from "../../engine/opening-files";
import type { ArrivedFile, InspectedFile, NamedFile, Recognised, TrialBegun } from "../../engine/protocol";
import type {
  KnownPreprocessing,
  ModelInfo,
  Preprocessing,
  Proposal,
  Settings,
  Tried,
  Weighed,
} from "../../engine/types";

/** What a fake file holds. `error`: what it is refused for. */
export interface Fake {
  name: string;
  classes: number;
  labels?: string[];
  channels?: number;
  preprocessing?: Preprocessing;
  output?: string;
  size?: [number, number];
  external?: string[];
  weights?: string[];
  error?: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function bytesOf(fake: Fake): Uint8Array {
  return encoder.encode(JSON.stringify(fake));
}

export function read(onnx: Uint8Array): Fake {
  try {
    return JSON.parse(decoder.decode(onnx));
  } catch {
    throw new EngineError("onnx-unreadable", "This is no ONNX file.");
  }
}

export function fileOf(fake: Fake, name = `${fake.name}.onnx`): File {
  return new File([bytesOf(fake) as Uint8Array<ArrayBuffer>], name);
}

/** By what each byte is divided: enough to tell them apart. */
export const UNIT: Preprocessing = { fit: "digit", offset: 0, scale: 1 / 255 };
export const BYTES: Preprocessing = { fit: "digit", offset: 0, scale: 1 };

export function infoOf(onnx: Uint8Array): ModelInfo {
  const fake = read(onnx);
  if (fake.error) throw new EngineError(fake.error, `It is refused: ${fake.error}.`);
  const { labels, classes, channels = 1, preprocessing, output = "scores", size = [28, 28] } = fake;
  const numbers = Array.from({ length: classes }, (_, index) => String(index));
  const info: Partial<ModelInfo> = {
    name: fake.name,
    labels: labels?.length === classes ? labels : numbers,
    channels,
    height: size[0],
    width: size[1],
    parameters: 7,
    bytes: onnx.byteLength,
    preprocessing: preprocessing ?? UNIT,
    settled: preprocessing !== undefined,
    scores: "logits",
    answer: output,
    answers: ["scores", "other"],
    takesDrawings: channels === 1,
  };
  return info as ModelInfo;
}

/** As `engine/opening` has it. What is asked of it is written down. */
export class FakeOpening {
  readonly asked: string[] = [];
  /** Files that are being read stay so until it is resolved. */
  reading = Promise.resolve();

  async arrive(
    file: File,
    beside: readonly NamedFile[],
    hear: (news: object) => void,
    signal: AbortSignal,
  ): Promise<ArrivedFile> {
    this.asked.push(`arrive ${file.name}`);
    hear({ loaded: 1, total: file.size });
    await this.reading;
    signal.throwIfAborted();
    const given = new Uint8Array(await file.arrayBuffer());
    const { external = [], ...fake } = read(given);
    const { found, missing } = besideOf(external, beside);
    if (missing.length > 0) {
      throw new EngineError("onnx-external", "Weights are missing.", [missing.join(", "), ...missing]);
    }
    const weights = await Promise.all(found.map((each) => each.file.text()));
    const onnx = external.length > 0 ? bytesOf({ ...fake, weights }) : given;
    return { onnx, info: infoOf(onnx), hash: await this.hash(onnx), used: found.map(({ name }) => name) };
  }

  async inspect(onnx: Uint8Array): Promise<ModelInfo> {
    this.asked.push(`inspect ${read(onnx).name}`);
    return infoOf(onnx);
  }

  async withSettings(onnx: Uint8Array, settings: Settings): Promise<InspectedFile> {
    const written = bytesOf({ ...read(onnx), ...settings });
    return { onnx: written, info: infoOf(written) };
  }

  async labels(file: Blob): Promise<string[]> {
    const text = await file.text();
    if (text.startsWith("{")) throw new EngineError("labels-unreadable", "This is no list of labels.");
    return text.split("\n");
  }

  async hash(onnx: Uint8Array): Promise<string> {
    return `hash of ${decoder.decode(onnx)}`;
  }
}

/** What the fake trials answer, and what was asked of them. */
export const trials = {
  asked: [] as string[],
  open: 0,
  proposals: [] as Proposal[],
  samples: 2,
  likeliest: 0,
  recognised: {} as Recognised,
  /** Held back until it is resolved. */
  weighing: Promise.resolve(),
  fails: null as EngineError | null,
  reset(): void {
    Object.assign(this, {
      asked: [],
      open: 0,
      proposals: [proposal("digits", UNIT), proposal("bytes", BYTES)],
      samples: 2,
      likeliest: 0,
      recognised: {},
      weighing: Promise.resolve(),
      fails: null,
    });
  },
};

function proposal(known: KnownPreprocessing, preprocessing: Preprocessing): Proposal {
  return { known, preprocessing, reasons: [] };
}

export class FakeTrial {
  #closed = false;

  constructor(
    private readonly file: InspectedFile,
    private readonly photos: readonly NamedFile[],
  ) {
    trials.open += 1;
  }

  async begin(): Promise<TrialBegun> {
    trials.asked.push(`begin ${read(this.file.onnx).name} with ${this.photos.length} photos`);
    this.#check();
    const sample = { drawn: true, label: null, picture: new ImageData(1, 1) };
    const samples = Array.from({ length: trials.samples }, (_, at) => ({ ...sample, name: `sample ${at}` }));
    return { proposals: trials.proposals, samples };
  }

  async weigh({ scale }: Preprocessing): Promise<Weighed> {
    trials.asked.push(`weigh ${scale}`);
    await trials.weighing;
    this.#check();
    return { confidence: 0.5, information: 0.5 };
  }

  async likeliest(): Promise<number> {
    return trials.likeliest;
  }

  async tryOut(sample: number, { scale }: Preprocessing): Promise<Tried> {
    trials.asked.push(`try ${sample} ${scale}`);
    this.#check();
    return { predictions: [{ index: 1, label: "1", p: 0.5 }], seen: new Uint8Array() };
  }

  async recognised(): Promise<Recognised> {
    return trials.recognised;
  }

  close(): void {
    if (!this.#closed) trials.open -= 1;
    this.#closed = true;
  }

  #check(): void {
    if (this.#closed) throw new EngineError("aborted", "The worker was let go.");
    if (trials.fails) throw trials.fails;
  }
}

/** As `engine/infer` has it: what it holds is what answers. */
export class FakeInfer {
  static holds = "";
  static opened: string[] = [];

  start(): void {}

  async open(_slot: string, onnx: Uint8Array): Promise<ModelInfo> {
    const text = decoder.decode(onnx);
    // A shipped model's file is its name.
    const info = text.startsWith("{") ? infoOf(onnx) : shippedInfo(text);
    FakeInfer.holds = text;
    FakeInfer.opened.push(info.name);
    return info;
  }
}

function shippedInfo(name: string): ModelInfo {
  return { ...infoOf(bytesOf({ name, classes: 10, preprocessing: UNIT })), name };
}
