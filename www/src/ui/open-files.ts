import { EngineError } from "../engine/error";
import { explain, strings } from "../i18n";
import { adopt } from "../store/session";
import { toast } from "../store/toasts";

const MOST_BYTES = 200e6;

/** Opens the .onnx among the files, with the list of labels that may lie beside it, and makes it the current model. */
export async function openFiles(files: File[]): Promise<void> {
  try {
    const file = files.find(isOnnx);
    if (!file) throw new EngineError("not-onnx", "This is not an .onnx file.");
    if (file.size > MOST_BYTES) throw new EngineError("file-too-large", "This file is too large.");
    const labelsFile = files.find(({ name }) => /\.(txt|json)$/i.test(name));
    const labels = labelsFile && parseLabels(await labelsFile.text());
    const name = file.name.replace(/\.onnx$/i, "");
    const onnx = new Uint8Array(await file.arrayBuffer());
    await adopt({ origin: "opened", name, onnx, ...(labels && { labels }) });
    toast("info", strings.value.session.opened(name));
  } catch (error) {
    toast("error", explain(error));
  }
}

export function isOnnx({ name }: File): boolean {
  return name.toLowerCase().endsWith(".onnx");
}

/** One name per line, or a JSON list of names. */
export function parseLabels(text: string): string[] {
  const labels: unknown = text.trimStart().startsWith("[")
    ? parseJson(text)
    : text.split(/\r?\n/).filter((line) => line.trim());
  if (!Array.isArray(labels) || labels.length === 0 || !labels.every((label) => typeof label === "string")) {
    throw new EngineError("labels-unreadable", "The list of labels could not be read.");
  }
  return labels.map((label) => label.trim());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
