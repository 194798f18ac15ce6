/** The files of models: where they lie, and that none is fetched or read twice. */
import { EngineError } from "../engine/error";
import { fetched, throttled } from "../engine/fetched";
import { strings } from "../i18n";
import { keptFile } from "./database";
import { hearOf } from "./fetching";
import type { Model } from "./models";

/** A model's file: a shipped one is fetched, and one of the person's own is read, when it is first asked for. */
export function fileOf(model: Model): Promise<Uint8Array> {
  if (model.onnx) return Promise.resolve(model.onnx);
  return model.origin === "shipped" ? fetchShipped(model) : readOwn(model);
}

/** As long as anybody holds a file it is not read again: the engines take the same bytes for the same network. */
const read = new Map<string, WeakRef<Uint8Array>>();

async function readOwn({ id, name }: Model): Promise<Uint8Array> {
  const known = read.get(id)?.deref();
  if (known) return known;
  const file = await keptFile(id).catch(() => undefined);
  if (!file) throw new EngineError("model-missing", strings.value.session.notRead(name));
  remember(id, file);
  return file;
}

/** Whose file it is, as far as that is known. */
export function idOf(onnx: Uint8Array): string | undefined {
  for (const [id, file] of read) if (file.deref() === onnx) return id;
  return undefined;
}

export function remember(id: string, onnx: Uint8Array): void {
  read.set(id, new WeakRef(onnx));
}

const fetching = new Map<string, Promise<Uint8Array>>();

export function fetchShipped(model: Model): Promise<Uint8Array> {
  const known = fetching.get(model.id);
  if (known) return known;
  const onBytes = throttled((loaded, total) => hearOf(`model ${model.id}`, loaded, total));
  const url = new URL(`models/${model.id}.onnx`, document.baseURI);
  const file = fetched(url, onBytes, { bytes: model.bytes }).then(async (response) => {
    if (!response.ok) throw new EngineError("model-missing", strings.value.session.notFetched(model.name));
    return new Uint8Array(await response.arrayBuffer());
  });
  fetching.set(model.id, file);
  // A failed download is tried again when next asked for.
  file.catch(() => fetching.delete(model.id));
  return file;
}
