import type { opened as english, openedErrors as englishErrors } from "./en-opened";

/** Models that come in as files, in Chinese. */
export const opened: typeof english = {
  reading: (name, far) => `正在读取 ${name}：${far}`,
  looking: (name) => `正在打开 ${name}……`,
  many: (count, name) => `已打开 ${count} 个模型，正在使用“${name}”。`,
  here: (name) => `这个文件之前已经打开过，就是“${name}”，现在改用它。`,
  labelled: (name, count) => `“${name}”的类别已改用列表中的 ${count} 个名称。`,
  labelsAlone: "标签列表要配合您打开的模型使用。请先打开模型，或者把两个文件一起选中。",
  imagenetNames: (name, count) =>
    `“${name}”有 ${count} 个没有名称的类别，与 ImageNet 的网络一致，因此采用 ImageNet 的名称。`,
  clothesNames: (name, share) => `“${name}”答对了 ${share} 的 Fashion-MNIST 样本，因此十个类别采用它的名称。`,
  settledItself: (name) => `已根据“${name}”对样本的回答，确定了图片以什么方式交给它。`,
  applied: (name) => `现在图片会以这种方式交给“${name}”。`,
  outputChosen: (name, output) => `“${name}”现在用输出“${output}”作答。`,
  sizeChosen: (name, size) => `现在交给“${name}”的图片是 ${size} 像素。`,
};

export const openedErrors: typeof englishErrors = {
  "opening-died": () => "打开这个文件的引擎停止了：文件需要的内存超出了可用范围，或者文件已损坏。其他内容不受影响。",
  "file-unreadable": () => "无法读取这个文件：选择之后它可能被移动或修改过。请重新选择。",
};
