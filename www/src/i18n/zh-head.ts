import type { head as english, headTerms as englishTerms } from "./en-head";

const format = new Intl.NumberFormat("zh-CN");

/** The Data page's models from a few images, in Chinese. */
export const head: typeof english = {
  heading: "用这些图片得到的模型",
  intro:
    "有个网络已经看过一百多万张照片，它用 1280 个数字来描述每张图片。这里只需要学最后一步：怎样由这些数字判断是你的哪一类。所以几张图片就够了。",

  next: {
    see: "看看模型",
    wait: "模型正在从这些图片中学习，马上就能回答。也可以用它们训练自己的网络。",
    use: "用这些图片得到的模型已经可以回答：给它看点新东西，然后就可以使用。有了几百张图片，也可以从头训练一个网络。",
    fit: "这些图片足够让模型几秒钟学会。有了几百张图片，也可以从头训练一个网络。",
  },

  missing: {
    classes: (least) => `有两个类别、每类 ${least} 张有标签的图片，模型几秒钟就能学会，并在这里回答。`,
    images: (label, least) => `“${label}”的图片还不够：每类有 ${least} 张，模型几秒钟就能学会，并在这里回答。`,
  },
  state: {
    idle: "还没有学习。",
    stale: "模型学完之后，图片又有变动。",
    loading: (network) => `正在加载 ${network}…`,
    features: (done, total) => `正在看图片：${done} / ${total}`,
    fitting: "正在学习…",
    comparing: (done) => `已经可以回答。正在找最合适的模型：${done}`,
    ready: "学好了。给它看点新东西吧。",
    failed: "没能从这些图片中学会。",
  },
  train: "用这些图片学习",
  trainAgain: "重新学习",
  cancel: "取消",
  auto: "图片有变动时自动重新学习",

  answer: {
    heading: "回答",
    none: "都不是",
    nothing: "还没给它看什么",
    of: { camera: "摄像头此刻的画面", picture: "你试的图片" },
    bars: "全部类别，最可能的在前",
    other: (n) => `另有 ${format.format(n)} 个类别`,
    noneHint: "它和学过的图片都不像。硬要选的话，最接近的是：",
  },
  attempt: {
    with: "试一试",
    file: "图片",
    camera: "摄像头",
    cameraHint: "让模型看摄像头画面，不会加进任何类别",
    hint: "也可以把图片拖到这里或粘贴。试的图片不会进入数据集。",
    tried: "正在试的图片",
    remove: "拿走这张图片",
    view: "摄像头画面，不会保存",
    notPicture: "这不是图片。",
  },

  use: "使用这个模型",
  export: "下载",
  exportHint: "一个 ONNX 文件，什么都在里面：onnxruntime、PyTorch 的工具和 Netron 也能打开",

  facts: {
    learned: (images, seconds, held) =>
      held > 0
        ? `从 ${format.format(images)} 张图片中学习，用时 ${seconds}；${format.format(held)} 张测试图片没有用。`
        : `从 ${format.format(images)} 张图片中学习，用时 ${seconds}。`,
    all: "把每张都当作新图片来考，全部答对。",
    accuracy: (accuracy) => `对新图片的准确率约为 ${accuracy}。`,
    between: (low, high) => `图片还少，只能说大致在 ${low} 到 ${high} 之间。`,
    how: "交叉验证",
    marks: { before: "（", colon: "：", after: "）" },
    howHint: "每张图片都由没学过它的模型来判断",
    unknown: "对新图片有多准，正在测量…",
  },
  backbone: "负责看图的网络",
  backbones: {
    lite0: "Lite0：小而快",
    lite2: "Lite2：看得更细，用时约为三倍",
  },
  backboneHint: "EfficientNet-Lite，从 120 万张照片（ImageNet）中学成。更换后，所有图片都要重新看一遍。",
  backboneOwn: "自己的模型",
  backboneOwnHint: (name) => `由“${name}”来看图，用的是它的特征，微调带来的变化也包括在内。`,
  backboneLost: "原来负责看图的那个模型已被移除或无法打开，现在改由 Lite0 来看图。",

  compare: {
    heading: "模型是怎样选出来的",
    fact: (kind) => `当前：${kind}`,
    intro: "它们学的是同样的数字。在没学过的图片上表现最好的会被选用，也可以自己换一种。",
    kind: "方法",
    accuracy: "准确率",
    range: "95% 区间",
    time: "学习用时",
    chosen: "正在使用",
    choose: "选用",
    chooseKind: (kind) => `改用${kind}来回答`,
    only: "仅供比较",
    pending: "–",
    none: "还没有可比较的：模型还没有学习。",
    of: (images) => `准确率由交叉验证得出，共 ${format.format(images)} 张有标签的图片。`,
  },
  kinds: {
    logistic: "逻辑回归",
    mlp: "小型网络（MLP）",
    prototype: "最近原型",
    nearest: "k 近邻",
    fineTuned: "微调后的网络",
  },
  kindSays: {
    logistic: "衡量每个数字支持还是反对每个类别。",
    mlp: "先用一个隐藏层把这些数字组合起来。",
    prototype: "看和哪一类的平均样子最像。",
    nearest: "由最相似的几张图片投票。",
    fineTuned: "大网络的最后几层也跟着学了。",
  },

  tune: {
    heading: "微调网络",
    intro:
      "到目前为止，大网络只负责看，本身没有变。在这里，它最后的几个模块也会学习，适应你的图片。这需要几分钟，每类有 50 张左右图片时才划算；它要胜过的，就是上面的模型。",
    waits: "要先有上面的快速模型：微调的结果要和它比。",
    blocks: "参与学习的模块",
    block: (blocks, parameters) => `最后 ${blocks} 个模块（${parameters} 个权重）`,
    epochs: "轮数",
    start: "开始微调",
    progress: (epoch, epochs) => `第 ${epoch} 轮，共 ${epochs} 轮`,
    preparing: "正在准备图片…",
    left: (time) => `还需约 ${time}`,
    now: "微调至今",
    baseline: "快速模型",
    of: "在同一批图片上的准确率，两者都没学过这些图片。",
    better: (accuracy, baseline) =>
      `比快速模型好：在同一批图片上，准确率 ${accuracy}，快速模型为 ${baseline}。今后由它来回答。`,
    notBetter: (accuracy, baseline) =>
      `没有胜过快速模型：在同一批图片上，准确率 ${accuracy}，快速模型为 ${baseline}。继续使用快速模型。`,
    cancel: "取消",
  },

  curve: {
    heading: "再标注一些，会好多少？",
    intro: "让模型一次次学习，图片越来越多：一次按随机顺序，一次总是先学它最没把握的，再拿留出的图片来考它。",
    measure: "测一测",
    again: "重新测量",
    measuring: (done) => `正在测量：${done}`,
    cancel: "取消",
    random: "随机顺序",
    uncertain: "最没把握的在前",
    labels: "标签数",
    accuracy: "准确率",
    chart: (last) => `在留出的图片上，准确率随标签数的变化；${last}`,
    table: "以表格显示",
    more: (n) => `再标注约 ${format.format(n)} 张，准确率提高 1 个百分点。`,
    moreUncertain: (n) => `如果先标最没把握的，再标注约 ${format.format(n)} 张，准确率就能提高 1 个百分点。`,
    unclear: "曲线已经平了：再标注同样的图片，帮助不大。",
    labelUncertain: "去标最没把握的",
    needs: "要先有模型：请先给两个类别各添几张图片。",
  },

  alike: {
    open: "找相似的",
    heading: "找相似的",
    headingFor: (n) => (n === 1 ? "和这张最像的图片" : `和这 ${format.format(n)} 张最像的图片`),
    seeking: "正在找相似的图片…",
    none: "这个数据集里没有别的图片了。",
    took: (n, ms) => `${format.format(n)} 张图片，用时 ${ms} 毫秒`,
    results: "相似的图片，最像的在前",
    result: (name, label, similarity) => `${label}，相似度 ${similarity}，${name}`,
    help: "选中图片，再给它们打上标签，也可以按类别的按键。",
    all: "全选",
    unlabelled: "选中没有标签的",
    nothing: "取消选择",
    picked: (n) => `已选 ${format.format(n)} 张`,
    label: "打上标签",
    show: "在全部图片中查看",
    similarity: "相似度",
  },

  map: {
    heading: "地图",
    fact: "相似的图片挨在一起",
    intro:
      "每个点是一张图片，网络觉得相似的就挨在一起。混在别的类别里的，标签可能有误；一片还没有颜色的，可以一次标完。横轴和纵轴本身没有含义。",
    features: "先要看一遍图片。",
    pca: "先给出一张粗略的地图，更好的马上就来",
    umap: "地图正在成形",
    done: "地图已成形。",
    methodPca: "PCA",
    methodUmap: "UMAP",
    legend: "类别",
    canvas: (images) => `${format.format(images)} 张图片的地图`,
    help: "方向键移动地图，加号和减号缩放，0 显示全部。拖动可移动，滚轮或双指可缩放，点一下选中一张。按住 Shift 拖动或用套索，可选中圈内的全部。看不到地图时，下面的列表里是同样的图片。",
    hint: "拖动可移动，滚轮或双指可缩放。点一下选中图片，双击打开。用套索（或按住 Shift）圈住几张，就可以一起打标签、移动或删除。",
    lasso: "套索",
    lassoHint: "圈住一些点，就能选中它们",
    zoomIn: "放大",
    zoomOut: "缩小",
    whole: "显示全部",
    selected: (n) => (n === 0 ? "没有选中" : `已选 ${format.format(n)} 张`),
    failed: "没有地图：没能看这些图片。",
    empty: "要有几张图片，才有地图。",
  },
};

export const headTerms: typeof englishTerms = {
  logisticRegression: {
    name: "逻辑回归",
    says: "每个类别给每个数字一个权重，加权求和后用 softmax 变成概率；学习权重，就是让正确的标签变得可能。",
    note: "权重太大会受到惩罚（L2），免得把几张图片死记下来。惩罚多重，由交叉验证来定。",
    choose: "图片少的时候，它多半是最好的：它记不下多少东西。",
  },
  mlpHead: {
    name: "小型网络（MLP）",
    says: "先由一层带 ReLU 的隐藏单元把这些数字组合起来，再判断类别。",
    note: "MLP 即多层感知机，是最早的一种神经网络。",
    choose: "每类有几十张图片，而且同一类有好几种样子的时候。",
  },
  prototypeHead: {
    name: "最近原型",
    says: "用一类图片的平均数字来代表这一类，方向最接近的那一类就是答案。",
    note: "",
    choose: "每类只有一到五张图片的时候：除了平均值，没有什么可学的。",
  },
  nearestHead: {
    name: "k 近邻",
    says: "由最相似的 k 张有标签的图片投票决定类别。",
    note: "它得存下每张图片的数字，所以不做成文件，只用来比较。",
    choose: "",
  },
  fineTuning: {
    name: "微调",
    says: "最后几个模块的权重从一百多万张照片学到的地方出发，再用你的图片一小步一小步地继续学。",
    note: "前面的模块不变：边缘和纹理在哪里都差不多。",
    choose: "图片比较多，而快速模型不再进步的时候。",
  },
  crossValidation: {
    name: "交叉验证",
    says: "把图片分成几份，每一份都由学过其余各份的模型来判断。这样每张图片都考到了，而考它的模型从没见过它。",
    note: "几乎相同的图片总在同一份里，不然结果会好得不真实。",
    choose: "",
  },
  cosineSimilarity: {
    name: "余弦相似度",
    says: "看两张图片的数字方向有多一致：1 是方向相同，0 是毫无共同之处。",
    note: "",
    choose: "",
  },
  umap: {
    name: "UMAP",
    says: "把图片放到平面上，让 1280 维空间里的邻居仍是邻居：p 是在那里有多近，q 是在平面上有多近。",
    note: "能看的只有谁和谁相邻。各片之间的距离和大小，没有多少含义。",
    choose: "",
  },
  uncertainFirst: {
    name: "最没把握的在前",
    says: "接下来标注模型最没把握的图片，因为从它们身上学到的最多。衡量的办法：看它最好的两个答案差多少。",
    note: "这叫主动学习。标签很少的时候，它可能还不如随机。",
    choose: "",
  },
};
