/**
 * Owns an `infer` module of its own, in which files from elsewhere are opened first: what a hostile one ends is this
 * worker, not the one that answers.
 */
import { EngineError } from "./error";
import { fetchedInTurn } from "./fetched";
import { sha256 } from "./import/hash";
import { besideOf, readWhole, refuseTooLarge } from "./opening-files";
import init, {
  Classifier,
  externalFiles,
  modelGraph,
  readLabels,
  withExternal,
  withSettings,
} from "./pkg/infer/infer.js";
import bytes from "./pkg/infer/infer_bg.wasm?bytes";
import type { NamedFile, OpeningCalls, OpeningNews } from "./protocol";
import { serve } from "./serve";
import type { ModelInfo } from "./types";

/** No list of names is larger. */
const MOST_LIST_BYTES = 10e6;

function inspected(onnx: Uint8Array): ModelInfo {
  const classifier = new Classifier(onnx);
  try {
    return classifier.info();
  } finally {
    classifier.free();
  }
}

/** The file with the weights that lie beside it inside. */
async function whole(model: Blob, onnx: Uint8Array<ArrayBuffer>, beside: readonly NamedFile[]) {
  const names = externalFiles(onnx);
  if (names.length === 0) return { onnx, used: [] };
  const { found, missing } = besideOf(names, beside);
  if (missing.length > 0) {
    const list = missing.join(", ");
    throw new EngineError("onnx-external", `The weights of this model lie in files that did not come: ${list}.`, [
      list,
      ...missing,
    ]);
  }
  refuseTooLarge([model, ...found.map(({ file }) => file)]);
  const files: Uint8Array[] = [];
  for (const { file } of found) files.push(await readWhole(file, () => {}));
  const all = withExternal(onnx, names, files) as Uint8Array<ArrayBuffer>;
  return { onnx: all, used: found.map(({ name }) => name) };
}

const tell = serve<OpeningCalls, OpeningNews>({
  async arrive({ file, beside }) {
    const [read] = await Promise.all([readWhole(file, (loaded, total) => tell({ loaded, total })), ready]);
    const { onnx, used } = await whole(file, read, beside);
    const info = inspected(onnx);
    return { onnx, info, hash: await sha256(onnx), used };
  },

  async inspect({ onnx }) {
    await ready;
    return inspected(onnx);
  },

  async withSettings({ onnx, settings }) {
    await ready;
    const written = withSettings(onnx, settings);
    return { onnx: written, info: inspected(written) };
  },

  async labels({ file }) {
    await ready;
    if (file.size > MOST_LIST_BYTES) throw new EngineError("labels-unreadable", "This is no list of labels.");
    return readLabels(await readWhole(file, () => {}));
  },

  async graph({ onnx }) {
    await ready;
    return modelGraph(onnx);
  },

  hash: ({ onnx }) => sha256(onnx as Uint8Array<ArrayBuffer>),
});

const ready = init({
  module_or_path: fetchedInTurn(new URL("./pkg/infer/infer_bg.wasm", import.meta.url), () => {}, { bytes }),
});
// Whoever needs it hears why it could not be loaded.
ready.catch(() => {});
