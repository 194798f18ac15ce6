import type { none as en, noneTerms as enTerms } from "./en-none";

export const none: typeof en = {
  answer: "都不是",
  notDigit: "不是数字",
  nearest: (label) => `最接近的是 ${label}。`,
  switch: "都不像时回答“都不是”",
  switchDigits: "都不像时回答“不是数字”",
  whyOpen: "这是什么意思？",
  why: (kept) =>
    `与网络学过的一切都不像的图像，不给任何类别；确实属于某个类别的图像，约有 ${kept} 仍得到类别。这并非保证：看起来像某一类的，仍会被当成那一类。`,
  filter: (n) => `都不是（${n}）`,
  filterDigits: (n) => `不是数字（${n}）`,

  test: {
    heading: "都不是",
    headingDigits: "不是数字",
    refused: "拒答",
    answered: "作答图像的准确率",
    refusedOf: (refused, n) => `${n} 张图像中的 ${refused} 张`,
    rightOf: (right, answered) => `${answered} 张图像中的 ${right} 张`,
    noneAnswered: "没有作答任何图像",
    says: (right, wrong) =>
      `拒答的图像若取最可能的类别，会答对 ${right} 张，答错 ${wrong} 张。本页其他数字都按最可能的类别计算，无论是否拒答。`,
    nothing: "没有拒答任何图像。本页其他数字都按每张图像最可能的类别计算。",
    off: "已关闭：每张图像都给出最可能的类别。",
    images: "拒答的图像，最陌生的在前",
    classes: "各类别的拒答",
    thumb: (model, none, nearest) => `${model}：${none}，最接近 ${nearest}`,
    classOf: (name, refused, support) => `${name}：${support} 张中的 ${refused} 张`,
  },

  alike: {
    button: "找相似的",
    buttonOf: (name) => `找与 ${name} 相似的`,
    select: (name) => `选择 ${name}`,
    selected: (_n, counted) => `已选 ${counted} 张照片`,
    buttonSelected: "找与这些相似的",
    unselect: "取消选择",
    heading: (name) => `与 ${name} 最相似的`,
    headingMany: (counted) => `与所选 ${counted} 张照片最相似的`,
    back: "返回全部照片",
    by: (model) => `按“${model}”的特征比较：看两张照片有多少共同之处，而不是是否为同一张。`,
    looking: (done, total) => `正在看照片：${done} / ${total}`,
    loading: "正在准备…",
    cancel: "取消",
    cancelled: "已取消。照片按原来的顺序排列。",
    similarity: (share) => `相似度 ${share}`,
    alone: "没有其他照片可以比较。",
    unread: (_n, counted) => `${counted} 张照片无法读取，未列出。`,
    queryUnread: "这张照片无法读取，因此无法与它比较。",
  },

  head: {
    what: (_images, imagesCounted, backbone) => `由 ${imagesCounted} 张图像训练，基于 ${backbone}`,
    trainOn: (name) =>
      `“${name}”是在另一个网络的特征上学习的，不能在这里继续训练。请到“数据”页，把它选为“负责看图的网络”，就能继续训练。`,
  },
};

export const noneTerms: typeof enTerms = {
  refusedShare: {
    name: "拒答率",
    says: "全部 N 张图像中，因与学过的太不相像而没有给出类别的比例；A 是作答的图像数。",
    note: "100 张图像中拒答 5 张，就是 5%。这里的图像都属于某个类别，所以每次拒答都是多余的；换来的是其他东西也会被拒答。",
    choose: "",
  },
  answeredAccuracy: {
    name: "作答图像的准确率",
    says: "网络作答的 A 张图像中，答出正确类别的 R 张所占的比例。",
    note: "100 张图像中拒答 5 张，其余 95 张答对 93 张，就是 97.9%。若没有拒答，它就是准确率。",
    choose: "",
  },
};
