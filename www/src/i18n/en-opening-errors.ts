/**
 * Why a model's file is refused, by the errors' codes, with what is particular to it in `values`. What stands between
 * backticks is a command to copy. `zh-opening-errors.ts` has the same shape.
 */
export type Say = (detail: string, values: readonly string[]) => string;

const kerasCommand = (file: string, options = "") =>
  `\`python -c "import keras; keras.saving.load_model('${file}'${options}).export('model.onnx', format='onnx')"\``;
const pytorchCommand = '`torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), "model.onnx")`';
const pickleCommand =
  '`open("model.onnx", "wb").write(skl2onnx.to_onnx(model, X[:1].astype("float32")).SerializeToString())`';

const tfjsLayersCommand =
  "`tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model model.json graph && python -m tf2onnx.convert --tfjs graph/model.json --output model.onnx`";

export const commands = {
  keras: kerasCommand("model.keras"),
  hdf5: kerasCommand("model.h5", ", compile=False"),
  tflite: "`python -m tf2onnx.convert --tflite model.tflite --output model.onnx`",
  pytorch: pytorchCommand,
  safetensors: "`optimum-cli export onnx --model FOLDER OUTPUT`",
  tfjs: "`python -m tf2onnx.convert --tfjs model.json --output model.onnx`",
  tfjsLayers: tfjsLayersCommand,
  savedModel: "`python -m tf2onnx.convert --saved-model FOLDER --output model.onnx`",
  pickle: pickleCommand,
};

/** All of one type, so that another language's may use the values or not. */
function says<Code extends string>(all: Record<Code, Say>): Record<Code, Say> {
  return all;
}

export const openingErrors = says({
  "onnx-unreadable": () => "This is no ONNX model, or the file is damaged. Choose a whole .onnx file.",
  "onnx-cut-short": () => "This file ends in the middle: part of it is missing. Download or copy it again.",
  "onnx-malformed": () =>
    "The parts of this model contradict each other, so it cannot be run. Export it again from the program that made it.",
  "onnx-unsupported": (detail) => detail,
  "onnx-too-large": (_, [size, most]) =>
    size && most
      ? `This model has ${size} MB, and Hearth opens up to ${most} MB. Export a smaller one, in float16 for instance.`
      : "This model is too large to be run here. Export a smaller one, in float16 for instance.",
  "onnx-empty": () => "This file holds no network: it has no operators or no outputs.",
  "onnx-external": (_, [files = ""]) =>
    files
      ? `The weights of this model lie in other files: ${files}. Choose or drop them now, from the same folder.`
      : "The weights of this model lie in another file. Choose or drop it now, from the same folder.",
  "onnx-external-short": (_, [file, needed, found]) =>
    `${file} is not the file that belongs to this model: it has ${found} bytes, and ${needed} are needed. Take the one that was written together with the model.`,
  "onnx-strings": (_, [tensor]) =>
    `The values of “${tensor}” are texts. Hearth runs networks of numbers: export the model without that part.`,
  "onnx-value-type": (_, [tensor]) =>
    `The values of “${tensor}” are of a kind that Hearth does not know. Export the model with 32-bit floats.`,
  "onnx-tensor-size": (_, [tensor, needed, found]) =>
    `The weights “${tensor}” should have ${needed} bytes and have ${found}: the file is damaged. Export it again.`,
  "onnx-tensor-shape": (_, [tensor]) =>
    `The dimensions of “${tensor}” make no sense: the file is damaged. Export it again.`,
  "weights-not-finite": (_, [tensor]) =>
    `This network’s weights${tensor ? ` (“${tensor}”)` : ""} are not all finite numbers: its training went astray. Choose an earlier file, or train again at a lower learning rate.`,
  "onnx-window": (_, [operator, attribute, least, most]) =>
    `The operator ${operator} has the setting ${attribute} outside ${least} to ${most}, which no image classifier needs. The file is damaged, or not meant to be run.`,
  "onnx-graph": (_, [operator, tensor]) =>
    `The operator ${operator} needs “${tensor}”, which nothing before it makes. Export the model again.`,
  "onnx-made-twice": (_, [tensor]) => `Two operators make “${tensor}”, so this network is not sound. Export it again.`,
  "onnx-output-unmade": (_, [output]) =>
    `Nothing in this model makes its output “${output}”. Export it again from the program that made it.`,
  "onnx-inputs": (_, [inputs]) =>
    `This model takes more than one input (${inputs}). Hearth gives a network one image: export the part that takes it.`,
  "onnx-input-shape": (_, [input, shape]) =>
    `The input “${input}” has the shape ${shape}, which is no image: Hearth gives grey or colour pictures.`,
  "onnx-deep": () => "Operators within operators lie too deep in this file. It is damaged, or not meant to be run.",
  "onnx-nodes": (_, [count, most]) => `This model lists ${count} operators and tensors; Hearth opens up to ${most}.`,
  "onnx-memory": (_, [operator, megabytes]) =>
    `The operator ${operator} would need ${megabytes} MB of memory for one image, which is more than there is here.`,
  "onnx-operator": (_, [operator]) =>
    `This model needs the operator ${operator}, which Hearth does not have. Export it with common layers only.`,
  "onnx-setting": (_, [operator, setting]) =>
    `This model needs the operator ${operator} with ${setting}, which Hearth does not have. Another choice there can be opened.`,
  "onnx-no-answer": (_, [outputs]) =>
    `Hearth needs one list of numbers for each image, one number for each class. This model gives ${outputs}: it is no classifier, or ends in more than one.`,
  "onnx-one-number": (_, [output]) =>
    `This model gives one number (${output}) with no sigmoid behind it, so what it says of an image cannot be told. Export it with its last activation.`,
  "onnx-cannot-run": () =>
    "This model cannot be run here: its operators do not fit together in the way Hearth runs them. Export it again, simplified if possible.",
  "output-missing": (_, [output]) => `The model has no output called “${output}”. Choose another one.`,
  "tensor-shape": () => "What this network makes has no fixed size for each image, so it cannot be used here.",
  "labels-unreadable": () =>
    "The list of labels could not be read: one name per line, a table with a column of names, or JSON.",

  "format-keras": () => `This is a Keras model, not ONNX. This makes an ONNX of it: ${commands.keras}`,
  "format-hdf5": () =>
    `This is an HDF5 file, as Keras wrote its models, not ONNX. This makes an ONNX of it: ${commands.hdf5}`,
  "format-tflite": () => `This is a TensorFlow Lite model, not ONNX. This makes an ONNX of it: ${commands.tflite}`,
  "format-pytorch": () =>
    `This is a PyTorch file: it has the weights, and Python builds the network. Load it there, then this makes an ONNX of it (with the size of its own images): ${commands.pytorch}`,
  "format-safetensors": () =>
    `This file has weights (safetensors) but no network. With the folder it comes from, this makes an ONNX of it: ${commands.safetensors}`,
  "format-tfjs": () => `This is a TensorFlow.js model, not ONNX. This makes an ONNX of it: ${commands.tfjs}`,
  "format-tfjs-layers": () =>
    `This is a TensorFlow.js model of layers, as Teachable Machine makes them, not ONNX. This makes an ONNX of it: ${commands.tfjsLayers}`,
  "format-saved-model": () =>
    `This is a TensorFlow SavedModel, not ONNX. With its whole folder, this makes an ONNX of it: ${commands.savedModel}`,
  "format-pickle": () =>
    `This is a pickled Python object, as scikit-learn models are kept. Load it in Python, then this makes an ONNX of it: ${commands.pickle}`,
  "format-coreml": () => "This is a Core ML model, not ONNX. Nothing turns it back: export the model it was made from.",
  "format-openvino": () =>
    "This is an OpenVINO model, not ONNX. Nothing turns it back: export the model it was made from.",
  "format-ncnn": () => "This is an ncnn model, not ONNX. Nothing turns it back: export the model it was made from.",
});
