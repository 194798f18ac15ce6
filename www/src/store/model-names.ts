/** What files are for, as far as their names tell: what they are is decided by what is in them. */

const LIST = /\.(txt|csv|tsv|json)$/i;
const MODEL =
  /\.(onnx|ort|pb|pbtxt|keras|h5|hdf5|tflite|pt|pth|ckpt|safetensors|mlmodel|pkl|pickle|joblib|param|gguf)$/i;
const WEIGHTS = /\.(data|bin|weights|npz|npy)$/i;

export function isOnnx({ name }: { name: string }): boolean {
  return name.toLowerCase().endsWith(".onnx");
}

/** Whether it may be a list of labels. */
export function isList({ name }: { name: string }): boolean {
  return LIST.test(name);
}

/** Whether it is called as models are, of whatever program. */
export function isModel({ name }: { name: string }): boolean {
  return MODEL.test(name);
}

/** Whether it may be a part of a model: its file, its weights, its labels. */
export function isPartOfModel(file: { name: string }): boolean {
  return isModel(file) || WEIGHTS.test(file.name) || isList(file);
}
