import { commands, type openingErrors as english } from "./en-opening-errors";

/** An operator without a name of its own is called by what it is and outputs. */
function called(operator = ""): string {
  return operator.replace(/^(\S+) that outputs (.+)$/s, "$1（输出“$2”）");
}

/** Why a model's file is refused, in Chinese. */
export const openingErrors: typeof english = {
  "onnx-unreadable": () => "这不是 ONNX 模型，或者文件已损坏。请选择完整的 .onnx 文件。",
  "onnx-cut-short": () => "这个文件不完整，后半部分缺失。请重新下载或复制。",
  "onnx-malformed": () => "这个模型的内容自相矛盾，无法运行。请用原来的程序重新导出。",
  "onnx-unsupported": (detail) => `Hearth 不完全支持这个模型。（${detail}）`,
  "onnx-too-large": (_, [size, most]) =>
    size && most
      ? `这个模型有 ${size} MB，Hearth 最多能打开 ${most} MB。请导出更小的模型，例如改用 float16。`
      : "这个模型太大，无法在这里运行。请导出更小的模型，例如改用 float16。",
  "onnx-empty": () => "这个文件里没有网络：缺少算子，或者缺少输出。",
  "onnx-external": (_, [files = ""]) =>
    files
      ? `这个模型的权重在另外的文件里：${files}。请现在从同一个文件夹选择或拖入这些文件。`
      : "这个模型的权重在另一个文件里。请现在从同一个文件夹选择或拖入它。",
  "onnx-external-short": (_, [file, needed, found]) =>
    `${file} 与这个模型不配套：它只有 ${found} 字节，而模型需要 ${needed} 字节。请使用与模型一同导出的那个文件。`,
  "onnx-strings": (_, [tensor]) => `“${tensor}”的值是文本，而 Hearth 只运行数值网络。请去掉这一部分后重新导出。`,
  "onnx-value-type": (_, [tensor]) => `“${tensor}”的数值类型是 Hearth 不认识的。请用 32 位浮点数重新导出。`,
  "onnx-tensor-size": (_, [tensor, needed, found]) =>
    `权重“${tensor}”应为 ${needed} 字节，实际是 ${found} 字节：文件已损坏，请重新导出。`,
  "onnx-tensor-shape": (_, [tensor]) => `“${tensor}”的各维大小不合理：文件已损坏，请重新导出。`,
  "weights-not-finite": (_, [tensor]) =>
    `这个网络的权重${tensor ? `（“${tensor}”）` : ""}中有 NaN 或无穷大，说明训练已经发散。请换用较早的文件，或降低学习率重新训练。`,
  "onnx-window": (_, [operator, attribute, least, most]) =>
    `算子 ${called(operator)} 的 ${attribute} 超出了 ${least} 到 ${most} 的范围，图像分类网络用不到这样的值。文件可能已损坏，或者本来就不是用来运行的。`,
  "onnx-graph": (_, [operator, tensor]) =>
    `算子 ${called(operator)} 要用到“${tensor}”，但前面没有任何算子产生它。请重新导出模型。`,
  "onnx-made-twice": (_, [tensor]) => `有两个算子都产生“${tensor}”，这个网络不成立。请重新导出。`,
  "onnx-output-unmade": (_, [output]) => `模型中没有算子产生它的输出“${output}”。请用原来的程序重新导出。`,
  "onnx-inputs": (_, [inputs]) =>
    `这个模型有多个输入（${inputs}），而 Hearth 只给网络一张图片。请只导出接收图片的那一部分。`,
  "onnx-input-shape": (_, [input, shape]) =>
    `输入“${input}”的形状是 ${shape}，不是图片。Hearth 只能给网络灰度或彩色图片。`,
  "onnx-deep": () => "这个文件里的算子嵌套得太深：文件已损坏，或者本来就不是用来运行的。",
  "onnx-nodes": (_, [count, most]) => `这个模型列出了 ${count} 个算子和张量，而 Hearth 最多能打开 ${most} 个。`,
  "onnx-memory": (_, [operator, megabytes]) =>
    `处理一张图片时，算子 ${called(operator)} 就需要 ${megabytes} MB 内存，超出了这里可用的范围。`,
  "onnx-operator": (_, [operator]) =>
    `这个模型用到算子 ${called(operator)}，Hearth 还没有实现它。请改用常见的层，然后重新导出。`,
  "onnx-setting": (_, [operator, setting]) =>
    `这个模型用到算子 ${called(operator)} 的 ${setting}，Hearth 还没有实现这种用法。换一种设置后重新导出，就可以打开。`,
  "onnx-no-answer": (_, [outputs]) =>
    `Hearth 需要每张图片对应一列数值，每个类别一个。这个模型的输出是 ${outputs}：它不是分类模型，或者有多个结尾。`,
  "onnx-one-number": (_, [output]) =>
    `这个模型只输出一个数（${output}），后面又没有 sigmoid，无法判断它的含义。请连同最后的激活函数一起导出。`,
  "onnx-cannot-run": () => "这个模型无法在这里运行：其中的算子不能按 Hearth 的方式衔接。请重新导出，最好先做简化。",
  "output-missing": (_, [output]) => `模型没有名为“${output}”的输出，请选择其他输出。`,
  "tensor-shape": () => "这个网络对每张图片算出的数值个数不固定，不能在这里使用。",
  "labels-unreadable": () => "无法读取标签列表：应为每行一个名称、含有名称列的表格，或者 JSON。",

  "format-keras": () => `这是 Keras 模型，不是 ONNX。用这条命令可以转成 ONNX：${commands.keras}`,
  "format-hdf5": () => `这是 HDF5 文件（Keras 的旧格式），不是 ONNX。用这条命令可以转成 ONNX：${commands.hdf5}`,
  "format-tflite": () => `这是 TensorFlow Lite 模型，不是 ONNX。用这条命令可以转成 ONNX：${commands.tflite}`,
  "format-pytorch": () =>
    `这是 PyTorch 文件，里面只有权重，网络要由 Python 构建。请先在 Python 中加载模型，再用这行代码转成 ONNX（尺寸请换成模型自己的）：${commands.pytorch}`,
  "format-safetensors": () =>
    `这个文件（safetensors）只有权重，没有网络。请连同它所在的文件夹，用这条命令转成 ONNX：${commands.safetensors}`,
  "format-tfjs": () => `这是 TensorFlow.js 模型，不是 ONNX。用这条命令可以转成 ONNX：${commands.tfjs}`,
  "format-tfjs-layers": () =>
    `这是 TensorFlow.js 的层模型（Teachable Machine 导出的就是这种），不是 ONNX。用这条命令可以转成 ONNX：${commands.tfjsLayers}`,
  "format-saved-model": () =>
    `这是 TensorFlow SavedModel，不是 ONNX。请对整个文件夹用这条命令转成 ONNX：${commands.savedModel}`,
  "format-pickle": () =>
    `这是用 pickle 保存的 Python 对象，scikit-learn 的模型常这样保存。请先在 Python 中加载，再用这行代码转成 ONNX：${commands.pickle}`,
  "format-coreml": () => "这是 Core ML 模型，不是 ONNX，也没有办法转回来。请从原来的模型导出 ONNX。",
  "format-openvino": () => "这是 OpenVINO 模型，不是 ONNX，也没有办法转回来。请从原来的模型导出 ONNX。",
  "format-ncnn": () => "这是 ncnn 模型，不是 ONNX，也没有办法转回来。请从原来的模型导出 ONNX。",
};
