"""One-operator networks with the operators and settings that image classifiers use, in several versions of the standard:
what onnxruntime answers, and what Hearth answers to the same image.

    pip install onnx==1.23.2 onnxruntime==1.32.0 numpy
    python bench/foreign/operators.py make FOLDER
    HEARTH_NETWORKS=FOLDER cargo test --features cli --test browser -- --ignored a_folder_of_networks
    python bench/foreign/operators.py compare FOLDER

Prints how many are right, how many are refused with the operator's name, and what is neither. Ends with 1 if anything is
wrong.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from comparing import compare
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

IMAGE = (3, 8, 8)
random = np.random.default_rng(14)
networks = {}


def floats(*shape, low=-1.0, high=1.0):
    return random.uniform(low, high, shape).astype(np.float32)


def ints(*values):
    return np.array(values, np.int64)


def node(operator, inputs, outputs="y", domain="", **settings):
    outputs = [outputs] if isinstance(outputs, str) else outputs
    return h.make_node(operator, inputs, outputs, domain=domain, **settings)


def net(name, opset, nodes, kept=None, image=IMAGE, cast=False, ir=None):
    """A network of these operators from `image` to `y`; `cast`: y is no float."""
    nodes = [nodes] if isinstance(nodes, onnx.NodeProto) else list(nodes)
    last = "y"
    if cast:
        nodes.append(node("Cast", ["y"], "y.float", to=T.FLOAT))
        last = "y.float"
    nodes.append(node("Flatten", [last], "logits"))
    graph = h.make_graph(
        nodes,
        name,
        [h.make_tensor_value_info("image", T.FLOAT, ["batch", *image])],
        [h.make_tensor_value_info("logits", T.FLOAT, None)],
        [nh.from_array(np.asarray(value), key) for key, value in (kept or {}).items()],
    )
    domains = {n.domain for n in nodes if n.domain}
    opsets = [h.make_opsetid("", opset), *(h.make_opsetid(domain, 1) for domain in domains)]
    model = h.make_model(graph, opset_imports=opsets, ir_version=ir or (8 if opset < 19 else 10))
    name = f"{name} ({opset})"
    assert name not in networks, name
    networks[name] = (model, floats(1, *image, low=-2, high=2))


def unary(operator, opset=17, domain="", label=None, **settings):
    net(label or " ".join([operator, *(f"{k}={v}" for k, v in settings.items())]), opset, node(operator, ["image"], domain=domain, **settings))


# Activations
for operator in ["Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Erf", "Abs", "Neg", "Exp", "Floor", "Ceil", "Round", "Sign", "Sin", "Cos", "Identity", "Atan", "Sinh", "Cosh", "Asinh", "Reciprocal"]:
    unary(operator)
for opset in (7, 11, 21, 23):
    unary("Relu", opset)
for operator, settings in [
    ("LeakyRelu", [{}, {"alpha": 0.3}]),
    ("Elu", [{}, {"alpha": 0.5}]),
    ("Selu", [{}, {"alpha": 2.0, "gamma": 0.5}]),
    ("Celu", [{}, {"alpha": 0.5}, {"alpha": 2.0}]),
    ("HardSigmoid", [{}, {"alpha": 0.1666667, "beta": 0.5}]),
    ("ThresholdedRelu", [{}, {"alpha": 0.3}]),
    ("Shrink", [{}, {"bias": 0.2, "lambd": 0.7}]),
]:
    for setting in settings:
        unary(operator, **setting)
unary("HardSwish", 14)
unary("HardSwish", 22)
unary("Mish", 18)
unary("Gelu", 20)
unary("Gelu", 20, approximate="tanh")
unary("Swish", 24)
unary("Swish", 24, alpha=0.5)
unary("Swish", 24, alpha=1.702)
net("PRelu by channel", 17, node("PRelu", ["image", "slope"]), {"slope": floats(3, 1, 1)})
net("PRelu, one slope", 17, node("PRelu", ["image", "slope"]), {"slope": floats(1)})
net("PRelu by place", 17, node("PRelu", ["image", "slope"]), {"slope": floats(3, 8, 8)})
net("PRelu by channel", 7, node("PRelu", ["image", "slope"]), {"slope": floats(3, 1, 1)})
net("Clip", 6, node("Clip", ["image"], min=0.0, max=1.0))
net("Clip without bounds", 6, node("Clip", ["image"]))
net("Clip", 11, node("Clip", ["image", "low", "high"]), {"low": np.float32(0), "high": np.float32(1)})
net("Clip, high alone", 13, node("Clip", ["image", "", "high"]), {"high": np.float32(0.5)})
net("Clip, low alone", 13, node("Clip", ["image", "low"]), {"low": np.float32(0.5)})
for opset in (9, 11, 13, 17):
    for operator in ("Softmax", "LogSoftmax", "Hardmax"):
        for axis in (None, 1, 2, 3, -1):
            if axis == -1 and opset < 11:
                continue
            unary(operator, opset, **({} if axis is None else {"axis": axis}))

# Convolutions
net("Conv", 11, node("Conv", ["image", "w", "b"]), {"w": floats(4, 3, 3, 3), "b": floats(4)})
net("Conv without kernel_shape", 22, node("Conv", ["image", "w"], strides=[2, 2], pads=[1, 1, 1, 1]), {"w": floats(4, 3, 3, 3)})
net("Conv by channel, dilated", 11, node("Conv", ["image", "w"], group=3, dilations=[2, 2], kernel_shape=[3, 3]), {"w": floats(6, 1, 3, 3)})
net("Conv, uneven pads", 11, node("Conv", ["image", "w"], pads=[0, 1, 2, 3], strides=[2, 1]), {"w": floats(4, 3, 3, 2)})
for pad in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    for opset in (7, 11):
        net(f"Conv {pad}", opset, node("Conv", ["image", "w"], auto_pad=pad, strides=[2, 2]), {"w": floats(4, 3, 4, 4)})
net("Conv, an empty bias", 11, node("Conv", ["image", "w", ""]), {"w": floats(4, 3, 3, 3)})
for label, settings in {
    "": {},
    ", strides": {"strides": [2, 2]},
    ", pads": {"strides": [2, 2], "pads": [1, 1, 1, 1]},
    ", output_padding": {"strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]},
    ", output_shape": {"strides": [2, 2], "output_shape": [18, 18]},
    ", output_shape, smaller": {"strides": [2, 2], "output_shape": [14, 15]},
    ", output_shape, SAME_UPPER": {"strides": [2, 2], "output_shape": [14, 15], "auto_pad": "SAME_UPPER"},
    ", output_shape, SAME_LOWER": {"strides": [2, 2], "output_shape": [14, 15], "auto_pad": "SAME_LOWER"},
    ", SAME_UPPER": {"strides": [2, 2], "auto_pad": "SAME_UPPER"},
    ", SAME_LOWER": {"strides": [2, 2], "auto_pad": "SAME_LOWER"},
    ", VALID": {"strides": [2, 2], "auto_pad": "VALID"},
    ", dilated": {"dilations": [2, 2]},
}.items():
    net(f"ConvTranspose{label}", 11, node("ConvTranspose", ["image", "w", "b"], **settings), {"w": floats(3, 4, 3, 3), "b": floats(4)})
net("ConvTranspose, groups", 11, node("ConvTranspose", ["image", "w"], group=3, strides=[2, 2]), {"w": floats(3, 2, 2, 2)})

# Pools
for operator in ("MaxPool", "AveragePool", "LpPool"):
    last = {"MaxPool": 12, "AveragePool": 19, "LpPool": 18}[operator]
    for label, settings, opset in [
        ("", {}, 7),
        (" 3×3, strides", {"kernel_shape": [3, 3], "strides": [2, 2]}, 11),
        (", pads", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}, 11),
        (", uneven pads", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [0, 0, 1, 1]}, 11),
        (", SAME_UPPER", {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_UPPER"}, 11),
        (", SAME_LOWER", {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "SAME_LOWER"}, 11),
        (", VALID", {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": "VALID"}, 11),
        (", ceil_mode", {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}, last),
        (", ceil_mode, pads", {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1}, last),
        (", ceil_mode, last window in pads alone", {"kernel_shape": [2, 2], "strides": [3, 3], "pads": [1, 1, 1, 1], "ceil_mode": 1}, last),
        (", dilations", {"kernel_shape": [3, 3], "dilations": [2, 2]}, last),
        (", dilations, ceil_mode, pads", {"kernel_shape": [2, 2], "dilations": [2, 2], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1}, last),
    ]:
        net(f"{operator}{label}", opset, node(operator, ["image"], **{"kernel_shape": [2, 2], **settings}))
        if operator == "AveragePool":
            net(f"AveragePool, counting pads{label}", opset, node(operator, ["image"], count_include_pad=1, **{"kernel_shape": [2, 2], **settings}))
for p in (1, 2, 3):
    net(f"LpPool p={p}", 11, node("LpPool", ["image"], kernel_shape=[3, 3], strides=[2, 2], p=p))
    net(f"GlobalLpPool p={p}", 11, node("GlobalLpPool", ["image"], p=p))
net("GlobalAveragePool", 7, node("GlobalAveragePool", ["image"]))
net("GlobalMaxPool", 17, node("GlobalMaxPool", ["image"]))
net("MaxPool, places", 12, [node("MaxPool", ["image"], ["values", "places"], kernel_shape=[2, 2], strides=[2, 2]), node("Cast", ["places"], "p", to=T.FLOAT), node("Add", ["values", "p"])])

# Normalisation
def moments(channels=3):
    return {"s": floats(channels), "b": floats(channels), "m": floats(channels), "v": floats(channels, low=0.5, high=2)}

for opset in (7, 9, 14, 15):
    net("BatchNormalization", opset, node("BatchNormalization", ["image", "s", "b", "m", "v"]), moments())
net("BatchNormalization, epsilon", 15, node("BatchNormalization", ["image", "s", "b", "m", "v"], epsilon=0.1), moments())
net("BatchNormalization on a vector", 15, [node("Flatten", ["image"], "flat"), node("BatchNormalization", ["flat", "s", "b", "m", "v"])], moments(192))
net("BatchNormalization, spatial=0", 7, node("BatchNormalization", ["image", "s", "b", "m", "v"], spatial=0), {key: floats(3, 8, 8, low=0.5, high=2) for key in "sbmv"})
net("InstanceNormalization", 6, node("InstanceNormalization", ["image", "s", "b"], epsilon=0.01), {"s": floats(3), "b": floats(3)})
net("GroupNormalization", 18, node("GroupNormalization", ["image", "s", "b"], num_groups=3), {"s": floats(3), "b": floats(3)})
net("GroupNormalization", 21, node("GroupNormalization", ["image", "s", "b"], num_groups=1), {"s": floats(3), "b": floats(3)})
for axis, shape in ((-1, (8,)), (1, (3, 8, 8)), (2, (8, 8))):
    net(f"LayerNormalization axis={axis}", 17, node("LayerNormalization", ["image", "s", "b"], axis=axis), {"s": floats(*shape), "b": floats(*shape)})
net("LayerNormalization without bias", 17, node("LayerNormalization", ["image", "s"], epsilon=0.01), {"s": floats(8)})
for axis, shape in ((-1, (8,)), (1, (3, 8, 8))):
    net(f"RMSNormalization axis={axis}", 23, node("RMSNormalization", ["image", "s"], axis=axis), {"s": floats(*shape)})
net("LRN", 13, node("LRN", ["image"], size=3))
SIX = node("Concat", ["image", "image"], "six", axis=1)
for size in (3, 5):
    net(f"LRN of six channels, size={size}", 13, [SIX, node("LRN", ["six"], size=size, alpha=0.5, beta=0.5, bias=2.0)])
for groups in (2, 3, 6):
    net(f"GroupNormalization, {groups} groups", 18, [SIX, node("GroupNormalization", ["six", "s", "b"], num_groups=groups)], {"s": floats(groups), "b": floats(groups)})
    net(f"GroupNormalization, {groups} groups", 21, [SIX, node("GroupNormalization", ["six", "s", "b"], num_groups=groups)], {"s": floats(6), "b": floats(6)})
net("Conv, two groups", 13, [SIX, node("Conv", ["six", "w", "b"], group=2, pads=[1, 1, 1, 1])], {"w": floats(4, 3, 3, 3), "b": floats(4)})
net("ConvTranspose, two groups, output_shape", 13, [SIX, node("ConvTranspose", ["six", "w", "b"], group=2, strides=[2, 2], output_shape=[15, 16])], {"w": floats(6, 2, 3, 3), "b": floats(4)})
for p in (1, 2):
    for axis in (1, -1):
        unary("LpNormalization", p=p, axis=axis)
unary("MeanVarianceNormalization", 13)
unary("MeanVarianceNormalization", 13, axes=[2, 3])

# Reductions
for operator in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp", "ReduceLogSum"):
    before = [node("Abs", ["image"], "x")] if operator == "ReduceLogSum" else [node("Identity", ["image"], "x")]
    net(operator, 11, [*before, node(operator, ["x"], axes=[2, 3], keepdims=0)])
    net(f"{operator}, axes as input", 18, [*before, node(operator, ["x", "axes"], keepdims=1)], {"axes": ints(-1, -2)})
net("ReduceSum, axes as input", 13, node("ReduceSum", ["image", "axes"], keepdims=0), {"axes": ints(1)})
net("ReduceSum, no axes, left alone", 13, node("ReduceSum", ["image", "axes"], noop_with_empty_axes=1), {"axes": np.array([], np.int64)})
net("ReduceSum, everything but the batch", 13, [node("ReduceSum", ["image", "axes"], "m", keepdims=1), node("Concat", ["m", "m"], axis=1)], {"axes": ints(1, 2, 3)})
net("ReduceMax of bools", 20, [node("Greater", ["image", "one"], "c"), node("ReduceMax", ["c", "axes"])], {"one": np.float32(1), "axes": ints(1)}, cast=True)
net("ReduceMean, everything", 13, [node("ReduceMean", ["image"], "m"), node("Concat", ["m", "m"], axis=1)])
for operator in ("ArgMax", "ArgMin"):
    net(operator, 13, node(operator, ["image"], axis=1), cast=True)
    net(f"{operator}, last", 13, [node("Round", ["image"], "x"), node(operator, ["x"], axis=-1, select_last_index=1, keepdims=0)], cast=True)

# Shapes
net("Pad", 2, node("Pad", ["image"], pads=[0, 0, 1, 2, 0, 0, 3, 1], value=0.5))
for mode in ("constant", "reflect", "edge", "wrap"):
    opset = 19 if mode == "wrap" else 11
    net(f"Pad {mode}", opset, node("Pad", ["image", "pads"], mode=mode), {"pads": ints(0, 0, 1, 2, 0, 0, 3, 1)})
    net(f"Pad {mode}, negative", opset, node("Pad", ["image", "pads"], mode=mode), {"pads": ints(0, 0, -1, 2, 0, 0, 3, -2)})
    net(f"Pad {mode}, axes", max(opset, 18), node("Pad", ["image", "pads", "", "axes"], mode=mode), {"pads": ints(1, 2, 3, 1), "axes": ints(-1, 2)})
net("Pad wrap, further than the image", 19, node("Pad", ["image", "pads"], mode="wrap"), {"pads": ints(0, 0, 9, 2, 0, 0, 3, 17)})
net("Pad with a value", 11, node("Pad", ["image", "pads", "value"]), {"pads": ints(0, 0, 1, 1, 0, 0, 1, 1), "value": np.float32(3)})
net("Pad negative", 2, node("Pad", ["image"], pads=[0, 0, -1, 2, 0, 0, 3, -1]))
net("Pad, everything cut but two", 13, node("Pad", ["image", "pads"]), {"pads": ints(0, 0, -3, -3, 0, 0, -3, -3)})
for opset in (7, 9):
    for mode in ("nearest", "linear"):
        if opset == 7:
            net(f"Upsample {mode}", 7, node("Upsample", ["image"], mode=mode, scales=[1.0, 1.0, 2.0, 3.0]))
        else:
            net(f"Upsample {mode}", 9, node("Upsample", ["image", "scales"], mode=mode), {"scales": np.array([1, 1, 2, 3], np.float32)})
            net(f"Upsample {mode}, Constant", 9, [node("Constant", [], "scales", value=nh.from_array(np.array([1, 1, 2, 2], np.float32))), node("Upsample", ["image", "scales"], mode=mode)])
for mode in ("nearest", "linear"):
    net(f"Resize {mode}", 10, node("Resize", ["image", "scales"], mode=mode), {"scales": np.array([1, 1, 2, 1.5], np.float32)})
for mode in ("nearest", "linear", "cubic"):
    for way in ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"):
        net(f"Resize {mode} {way}", 13, node("Resize", ["image", "", "scales"], mode=mode, coordinate_transformation_mode=way), {"scales": np.array([1, 1, 2, 1.5], np.float32)})
        net(f"Resize {mode} {way}, sizes", 13, node("Resize", ["image", "", "", "sizes"], mode=mode, coordinate_transformation_mode=way), {"sizes": ints(1, 3, 5, 12)})
for near in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
    net(f"Resize nearest {near}", 13, node("Resize", ["image", "", "scales"], mode="nearest", nearest_mode=near), {"scales": np.array([1, 1, 1.6, 0.6], np.float32)})
    net(f"Resize nearest {near}", 11, node("Resize", ["image", "roi", "scales"], mode="nearest", nearest_mode=near, coordinate_transformation_mode="asymmetric"), {"roi": np.array([], np.float32), "scales": np.array([1, 1, 1.6, 0.6], np.float32)})
net("Resize linear, antialias", 18, node("Resize", ["image", "", "scales"], mode="linear", antialias=1), {"scales": np.array([1, 1, 0.5, 0.6], np.float32)})
net("Resize cubic, antialias", 18, node("Resize", ["image", "", "scales"], mode="cubic", antialias=1), {"scales": np.array([1, 1, 0.5, 0.6], np.float32)})
net("Resize axes", 18, node("Resize", ["image", "", "", "sizes"], mode="linear", axes=[2, 3]), {"sizes": ints(4, 11)})
net("Resize half_pixel_symmetric", 19, node("Resize", ["image", "", "scales"], mode="linear", coordinate_transformation_mode="half_pixel_symmetric"), {"scales": np.array([1, 1, 0.7, 1.3], np.float32)})
net("Resize not_larger", 18, node("Resize", ["image", "", "", "sizes"], mode="linear", axes=[2, 3], keep_aspect_ratio_policy="not_larger"), {"sizes": ints(4, 11)})
net("Resize exclude_outside", 13, node("Resize", ["image", "", "scales"], mode="cubic", exclude_outside=1, cubic_coeff_a=-0.5), {"scales": np.array([1, 1, 2, 2], np.float32)})
net("Resize tf_crop_and_resize", 13, node("Resize", ["image", "roi", "", "sizes"], mode="linear", coordinate_transformation_mode="tf_crop_and_resize"), {"roi": np.array([0, 0, 0.1, 0.2, 1, 1, 0.8, 0.9], np.float32), "sizes": ints(1, 3, 5, 5)})
for axis in (1, 2, -1):
    net(f"Split axis={axis}", 11, [node("Split", ["image"], ["a", "b"], axis=axis, split=[1, 2] if axis == 1 else [3, 5]), node("Flatten", ["a"], "fa"), node("Flatten", ["b"], "fb"), node("Concat", ["fb", "fa"], axis=1)])
net("Split as input", 13, [node("Split", ["image", "split"], ["a", "b"], axis=1), node("Concat", ["b", "a"], axis=1)], {"split": ints(1, 2)})
net("Split equal", 13, [node("Split", ["image"], ["a", "b"], axis=-1), node("Concat", ["b", "a"], axis=1)])
net("Split num_outputs", 18, [node("Split", ["image"], ["a", "b", "c"], axis=2, num_outputs=3), node("Concat", ["b", "c", "a"], axis=2)])
net("Split num_outputs, equal", 18, [node("Split", ["image"], ["a", "b"], axis=2, num_outputs=2), node("Concat", ["b", "a"], axis=2)])
net("DepthToSpace", 11, [node("Concat", ["image", "image", "image", "image"], "x", axis=1), node("DepthToSpace", ["x"], blocksize=2)])
net("DepthToSpace CRD", 13, [node("Concat", ["image", "image", "image", "image"], "x", axis=1), node("DepthToSpace", ["x"], blocksize=2, mode="CRD")])
net("SpaceToDepth", 13, node("SpaceToDepth", ["image"], blocksize=2))
net("Transpose", 13, node("Transpose", ["image"], perm=[0, 2, 3, 1]))
net("Reshape, 0 and -1", 13, node("Reshape", ["image", "shape"]), {"shape": ints(0, -1, 4)})
net("Reshape, 1", 13, [node("Reshape", ["image", "shape"], "x"), node("Identity", ["x"])], {"shape": ints(1, 192)})
for axis in (0, 1, 2, -1):
    if axis:
        net(f"Flatten axis={axis}", 13, [node("Flatten", ["image"], "x", axis=axis), node("Reshape", ["x", "shape"])], {"shape": ints(1, -1)})
net("Squeeze", 11, [node("GlobalAveragePool", ["image"], "x"), node("Squeeze", ["x"], axes=[2, 3])])
for axes in ((2, 3), (3, 2), (-2, -1), (-1, -2), (-1, 2)):
    net(f"Squeeze {axes}", 13, [node("GlobalAveragePool", ["image"], "x"), node("Squeeze", ["x", "axes"])], {"axes": ints(*axes)})
net("Squeeze (3, 2)", 11, [node("GlobalAveragePool", ["image"], "x"), node("Squeeze", ["x"], axes=[3, 2])])
net("Squeeze without axes", 13, [node("GlobalAveragePool", ["image"], "x"), node("Squeeze", ["x"], "s"), node("Unsqueeze", ["s", "axes"])], {"axes": ints(0)})
net("Unsqueeze", 11, node("Unsqueeze", ["image"], axes=[1, 5]))
for axes in ((1, -1), (5, 1), (-1, 1), (-1, -2)):
    net(f"Unsqueeze {axes}", 13, node("Unsqueeze", ["image", "axes"]), {"axes": ints(*axes)})
net("Slice", 9, node("Slice", ["image"], axes=[2, 3], starts=[1, -5], ends=[100, -1]))
net("Slice", 13, node("Slice", ["image", "starts", "ends", "axes", "steps"]), {"starts": ints(-1, 1), "ends": ints(-100, 8), "axes": ints(1, 3), "steps": ints(-1, 2)})
net("Gather", 13, node("Gather", ["image", "at"], axis=1), {"at": ints(2, -1, 0)})
net("GatherElements", 13, node("GatherElements", ["image", "at"], axis=3), {"at": random.integers(0, 8, (1, 3, 8, 4))})
net("Tile", 13, node("Tile", ["image", "times"]), {"times": ints(1, 2, 1, 3)})
net("Expand", 13, [node("ReduceMean", ["image"], "x", axes=[1]), node("Expand", ["x", "shape"])], {"shape": ints(1, 3, 8, 8)})
net("Concat axis=-1", 13, node("Concat", ["image", "image"], axis=-1))
net("TopK", 11, [node("TopK", ["image", "k"], ["v", "at"], axis=3), node("Cast", ["at"], "a", to=T.FLOAT), node("Concat", ["v", "a"], axis=1)], {"k": ints(3)})
net("TopK, smallest", 11, [node("TopK", ["image", "k"], ["v", "at"], axis=1, largest=0), node("Identity", ["v"])], {"k": ints(2)})
net("Trilu", 14, node("Trilu", ["image"], upper=0))
net("CumSum", 14, node("CumSum", ["image", "axis"], exclusive=1, reverse=1), {"axis": np.int32(2)})
net("OneHot", 11, [node("ArgMax", ["image"], "x", axis=1, keepdims=0), node("OneHot", ["x", "depth", "values"], axis=1)], {"depth": ints(3), "values": np.array([-1, 2], np.float32)})
net("Shape and Gather", 13, [node("Shape", ["image"], "s"), node("Gather", ["s", "at"], "n", axis=0), node("Concat", ["n", "rest"], "shape", axis=0), node("Reshape", ["image", "shape"])], {"at": ints(0), "rest": ints(-1)})
net("Shape, from and to", 15, [node("Shape", ["image"], "s", start=1, end=-1), node("Cast", ["s"], "f", to=T.FLOAT), node("Unsqueeze", ["f", "axes"])], {"axes": ints(0)})
net("ConstantOfShape", 13, [node("Shape", ["image"], "s"), node("ConstantOfShape", ["s"], "c", value=h.make_tensor("v", T.FLOAT, [1], [2.0])), node("Mul", ["c", "image"])])
net("Where", 13, [node("Greater", ["image", "zero"], "c"), node("Where", ["c", "image", "zero"])], {"zero": np.float32(0)})
for operator in ("Less", "LessOrEqual", "GreaterOrEqual", "Equal"):
    net(operator, 16, node(operator, ["image", "zero"]), {"zero": np.float32(0)}, cast=True)
net("And, Not", 13, [node("Greater", ["image", "zero"], "c"), node("Not", ["c"], "n"), node("And", ["c", "n"], "d"), node("Or", ["c", "d"])], {"zero": np.float32(0)}, cast=True)
net("Cast to whole numbers", 13, node("Cast", ["image"], to=T.INT32), cast=True)
net("Cast to float16", 13, [node("Round", ["image"], "r"), node("Cast", ["r"], to=T.FLOAT16)], cast=True)
net("Dropout", 7, node("Dropout", ["image"], ratio=0.5))
net("Dropout", 13, node("Dropout", ["image", "ratio"]), {"ratio": np.float32(0.5)})
net("Dropout, training_mode off", 13, node("Dropout", ["image", "ratio", "training"]), {"ratio": np.float32(0.5), "training": np.bool_(False)})
net("Dropout, training with ratio 0", 13, node("Dropout", ["image", "ratio", "training"]), {"ratio": np.float32(0), "training": np.bool_(True)})
net("GridSample", 16, node("GridSample", ["image", "grid"], mode="bilinear", padding_mode="border"), {"grid": floats(1, 5, 5, 2, low=-1.3, high=1.3)})
for mode in ("linear", "nearest", "cubic"):
    for padding in ("zeros", "border", "reflection"):
        net(f"GridSample {mode} {padding}", 20, node("GridSample", ["image", "grid"], mode=mode, padding_mode=padding, align_corners=1), {"grid": floats(1, 5, 5, 2, low=-1.3, high=1.3)})

# Sums and products
for operator in ("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"):
    net(operator, 13, node(operator, ["image", "c"]), {"c": floats(3, 1, 1, low=0.5, high=2)})
net("Add", 7, node("Add", ["image", "c"]), {"c": floats(3, 1, 1)})
net("Max of three", 13, node("Max", ["image", "c", "d"]), {"c": floats(3, 1, 1), "d": floats(8)})
net("Pow", 13, [node("Abs", ["image"], "a"), node("Pow", ["a", "p"])], {"p": np.float32(1.7)})
net("Pow of negatives", 13, node("Pow", ["image", "p"]), {"p": np.float32(2)})
net("Pow, whole exponent", 13, node("Pow", ["image", "p"]), {"p": np.int64(3)})
net("Mod", 13, node("Mod", ["image", "m"], fmod=1), {"m": np.float32(0.7)})
net("Sqrt, Log", 13, [node("Abs", ["image"], "a"), node("Sqrt", ["a"], "s"), node("Log", ["s"])])
net("MatMul", 13, node("MatMul", ["image", "w"]), {"w": floats(8, 5)})
net("MatMul from the left", 13, node("MatMul", ["w", "image"]), {"w": floats(5, 8)})
for a, b in ((0, 0), (0, 1)):
    net(f"Gemm transB={b}", 13, [node("Flatten", ["image"], "x"), node("Gemm", ["x", "w", "c"], transA=a, transB=b, alpha=0.5, beta=2.0)], {"w": floats(*((192, 5) if not b else (5, 192))), "c": floats(5)})
net("Gemm without C", 13, [node("Flatten", ["image"], "x"), node("Gemm", ["x", "w"])], {"w": floats(192, 5)})
net("Gemm", 7, [node("Flatten", ["image"], "x"), node("Gemm", ["x", "w", "c"])], {"w": floats(192, 5), "c": floats(1, 5)})
net("Gemm, C one number", 13, [node("Flatten", ["image"], "x"), node("Gemm", ["x", "w", "c"])], {"w": floats(192, 5), "c": floats()})
net("Einsum", 12, node("Einsum", ["image", "w"], equation="nchw,kc->nkhw"), {"w": floats(4, 3)})
net("Einsum, dots", 12, node("Einsum", ["image", "image"], equation="...ij,...jk->...ik"))
net("Einsum, diagonal", 12, node("Einsum", ["image"], equation="nchh->nch"))
net("Pow, a base of whole numbers", 13, [node("Cast", ["image"], "i", to=T.INT64), node("Pow", ["i", "p"])], {"p": np.float32(2)}, cast=True)
net("Pow, a calculated exponent of whole numbers", 13, [node("Cast", ["image"], "i", to=T.INT64), node("Abs", ["image"], "a"), node("Pow", ["a", "i"])])
net("Div of whole numbers", 13, [node("Cast", ["image"], "i", to=T.INT32), node("Div", ["i", "d"])], {"d": np.int32(2)}, cast=True)
net("Div of whole numbers by the image", 13, [node("Cast", ["image"], "i", to=T.INT32), node("Abs", ["i"], "a"), node("Add", ["a", "one"], "b"), node("Div", ["i", "b"])], {"one": np.int32(1)}, cast=True)
net("Mod of whole numbers", 13, [node("Cast", ["image"], "i", to=T.INT32), node("Mod", ["i", "d"])], {"d": np.int32(2)}, cast=True)
net("BatchNormalization, more outputs", 9, node("BatchNormalization", ["image", "s", "b", "m", "v"], ["y", "m2", "v2", "m3", "v3"]), moments())
net("BatchNormalization in training", 15, node("BatchNormalization", ["image", "s", "b", "m", "v"], ["y", "m2", "v2"], training_mode=1), moments())
net("LayerNormalization, its mean", 17, [node("LayerNormalization", ["image", "s"], ["l", "mean", "deviation"]), node("Add", ["l", "mean"])], {"s": floats(8)})
net("QuantizeLinear, ties", 13, [node("Mul", ["image", "hundred"], "h"), node("Round", ["h"], "r"), node("Mul", ["r", "half"], "x"), node("QuantizeLinear", ["x", "s", "z"], "q"), node("DequantizeLinear", ["q", "s", "z"])], {"hundred": np.float32(60), "half": np.float32(1 / 255), "s": np.float32(2 / 255), "z": np.uint8(128)})
net("QuantizeLinear, a calculated scale", 13, [node("ReduceMax", ["image"], "most", keepdims=0), node("Div", ["most", "by"], "s"), node("QuantizeLinear", ["image", "s", "z"], "q"), node("DequantizeLinear", ["q", "s", "z"])], {"by": np.float32(127), "z": np.int8(0)})
net("A domain that nobody knows", 13, [node("Relu", ["image"], domain="local.test")])
net("Resize tf_half_pixel_for_nn", 11, node("Resize", ["image", "roi", "scales"], mode="nearest", coordinate_transformation_mode="tf_half_pixel_for_nn"), {"roi": np.array([], np.float32), "scales": np.array([1, 1, 1.6, 0.6], np.float32)})
net("Attention", 23, node("Attention", ["image", "image", "image"]))
net("ScatterND", 16, [node("ScatterND", ["image", "at", "with"])], {"at": ints([[0, 1]]).reshape(1, 2), "with": floats(1, 8, 8)})
net("If", 13, [
    node("ReduceMean", ["image"], "m", keepdims=0),
    node("Greater", ["m", "zero"], "c"),
    h.make_node("If", ["c"], ["y"],
        then_branch=h.make_graph([node("Celu", ["image"], "t", alpha=0.5)], "then", [], [h.make_tensor_value_info("t", T.FLOAT, None)]),
        else_branch=h.make_graph([node("Celu", ["image"], "e", alpha=2.0)], "else", [], [h.make_tensor_value_info("e", T.FLOAT, None)])),
], {"zero": np.float32(0)})

# Quantised
def quantise(nodes, kept, type=np.uint8, x="image", out="xq", scale=0.02, zero=128):
    kept |= {f"{out}.s": np.float32(scale), f"{out}.z": np.asarray(zero, type)}
    nodes.append(node("QuantizeLinear", [x, f"{out}.s", f"{out}.z"], out))
    return [out, f"{out}.s", f"{out}.z"]


def quantised(name, opset, build, type=np.uint8, image=IMAGE):
    zero = 128 if type == np.uint8 else 0
    nodes, kept = [], {"ys": np.float32(0.05), "yz": np.asarray(zero + 3, type)}
    x = quantise(nodes, kept, type, zero=zero - 5)
    build(nodes, kept, x)
    nodes.append(node("DequantizeLinear", ["q", "ys", "yz"]))
    net(name, opset, nodes, kept, image=image)


MS = "com.microsoft"


def bytes_(*shape, type=np.int8):
    info = np.iinfo(type)
    return random.integers(info.min, info.max + 1, shape).astype(type)


for opset in (10, 13, 21):
    net("QuantizeLinear and back", opset, [node("QuantizeLinear", ["image", "s", "z"], "q"), node("DequantizeLinear", ["q", "s", "z"])], {"s": np.float32(0.02), "z": np.uint8(128)})
net("QuantizeLinear int8", 13, [node("QuantizeLinear", ["image", "s", "z"], "q"), node("DequantizeLinear", ["q", "s", "z"])], {"s": np.float32(0.02), "z": np.int8(-3)})
net("QuantizeLinear without zero", 13, [node("Abs", ["image"], "a"), node("QuantizeLinear", ["a", "s"], "q"), node("DequantizeLinear", ["q", "s"])], {"s": np.float32(0.02)})
net("QuantizeLinear by channel", 13, [node("QuantizeLinear", ["image", "s", "z"], "q", axis=1), node("DequantizeLinear", ["q", "s", "z"], axis=1)], {"s": np.array([0.02, 0.03, 0.04], np.float32), "z": np.array([128, 120, 130], np.uint8)})
net("QuantizeLinear, scales in a list of one", 13, [node("QuantizeLinear", ["image", "s", "z"], "q"), node("DequantizeLinear", ["q", "s", "z"])], {"s": np.array([0.02], np.float32), "z": np.array([128], np.uint8)})
net("QuantizeLinear 16 bits", 21, [node("QuantizeLinear", ["image", "s", "z"], "q"), node("DequantizeLinear", ["q", "s", "z"])], {"s": np.float32(0.001), "z": np.uint16(32768)})
net("QuantizeLinear output_dtype", 21, [node("QuantizeLinear", ["image", "s"], "q", output_dtype=T.INT8), node("DequantizeLinear", ["q", "s"])], {"s": np.float32(0.02)})
net("DequantizeLinear of weights by block", 21, [node("DequantizeLinear", ["w", "s"], "d", axis=0, block_size=2), node("MatMul", ["image", "d"])], {"w": bytes_(8, 4), "s": floats(4, 4, low=0.01, high=0.02)})
net("DequantizeLinear int32", 13, [node("Cast", ["image"], "i", to=T.INT32), node("DequantizeLinear", ["i", "s"])], {"s": np.float32(0.5)})
net("DynamicQuantizeLinear", 11, [node("DynamicQuantizeLinear", ["image"], ["q", "s", "z"]), node("Cast", ["q"], to=T.FLOAT)])
net("MatMulInteger", 13, [node("DynamicQuantizeLinear", ["image"], ["q", "s", "z"]), node("MatMulInteger", ["q", "w", "z"])], {"w": bytes_(8, 5)}, cast=True)
net("ConvInteger", 13, [node("DynamicQuantizeLinear", ["image"], ["q", "s", "z"]), node("ConvInteger", ["q", "w", "z"])], {"w": bytes_(4, 3, 3, 3, type=np.uint8)}, cast=True)

for type in (np.uint8, np.int8):
    name = type.__name__

    def conv(nodes, kept, x):
        kept |= {"w": bytes_(4, 3, 3, 3), "ws": np.float32(0.01), "wz": np.int8(0), "b": random.integers(-2000, 2000, 4).astype(np.int32)}
        nodes.append(node("QLinearConv", [*x, "w", "ws", "wz", "ys", "yz", "b"], "q", pads=[1, 1, 1, 1], strides=[2, 2]))

    quantised(f"QLinearConv {name}", 13, conv, type)

    def by_channel(nodes, kept, x):
        kept |= {"w": bytes_(4, 3, 3, 3), "ws": floats(4, low=0.005, high=0.02), "wz": np.zeros(4, np.int8)}
        nodes.append(node("QLinearConv", [*x, "w", "ws", "wz", "ys", "yz"], "q", auto_pad="SAME_UPPER"))

    quantised(f"QLinearConv by channel {name}", 10, by_channel, type)

    def grouped(nodes, kept, x):
        kept |= {"w": bytes_(3, 1, 3, 3), "ws": floats(3, low=0.005, high=0.02), "wz": np.zeros(3, np.int8), "b": random.integers(-2000, 2000, 3).astype(np.int32)}
        nodes.append(node("QLinearConv", [*x, "w", "ws", "wz", "ys", "yz", "b"], "q", group=3, kernel_shape=[3, 3]))

    quantised(f"QLinearConv, groups {name}", 13, grouped, type)

    def matmul(nodes, kept, x):
        kept |= {"w": bytes_(8, 5), "ws": np.float32(0.02), "wz": np.int8(0)}
        nodes.append(node("QLinearMatMul", [*x, "w", "ws", "wz", "ys", "yz"], "q"))

    quantised(f"QLinearMatMul {name}", 13, matmul, type)

    def columns(nodes, kept, x):
        kept |= {"w": bytes_(8, 5), "ws": floats(5, low=0.005, high=0.02), "wz": np.zeros(5, np.int8)}
        nodes.append(node("QLinearMatMul", [*x, "w", "ws", "wz", "ys", "yz"], "q"))

    quantised(f"QLinearMatMul by column {name}", 13, columns, type)

    def gemm(nodes, kept, x):
        kept |= {"w": bytes_(5, 192), "ws": floats(5, low=0.001, high=0.004), "wz": np.zeros(5, np.int8), "c": random.integers(-2000, 2000, 5).astype(np.int32)}
        nodes.append(node("Flatten", [x[0]], "flat"))
        nodes.append(node("QGemm", ["flat", *x[1:], "w", "ws", "wz", "c", "ys", "yz"], "q", domain=MS, transB=1, alpha=1.0))

    quantised(f"QGemm {name}", 13, gemm, type)

    for operator in ("QLinearAdd", "QLinearMul"):

        def two(nodes, kept, x):
            kept |= {"c": bytes_(3, 1, 1, type=type), "cs": np.float32(0.03), "cz": np.asarray(4, type)}
            nodes.append(node(operator, [*x, "c", "cs", "cz", "ys", "yz"], "q", domain=MS))

        quantised(f"{operator} {name}", 13, two, type)

    quantised(f"QLinearGlobalAveragePool {name}", 13, lambda n, k, x: n.append(node("QLinearGlobalAveragePool", [*x, "ys", "yz"], "q", domain=MS)), type)
    quantised(f"QLinearAveragePool {name}", 13, lambda n, k, x: n.append(node("QLinearAveragePool", [*x, "ys", "yz"], "q", domain=MS, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])), type)
    quantised(f"QLinearAveragePool, ceil_mode, counting pads {name}", 13, lambda n, k, x: n.append(node("QLinearAveragePool", [*x, "ys", "yz"], "q", domain=MS, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1, ceil_mode=1)), type)
    quantised(f"QLinearSigmoid {name}", 13, lambda n, k, x: n.append(node("QLinearSigmoid", [*x, "ys", "yz"], "q", domain=MS)), type)
    quantised(f"QLinearLeakyRelu {name}", 13, lambda n, k, x: n.append(node("QLinearLeakyRelu", [*x, "ys", "yz"], "q", domain=MS, alpha=0.2)), type)
    quantised(f"Softmax between bytes {name}", 13, lambda n, k, x: n.extend([node("DequantizeLinear", x, "d"), node("Softmax", ["d"], "s", axis=1), node("QuantizeLinear", ["s", "ys", "yz"], "q")]), type)
    quantised(f"Sigmoid between bytes {name}", 13, lambda n, k, x: n.extend([node("DequantizeLinear", x, "d"), node("Sigmoid", ["d"], "s"), node("QuantizeLinear", ["s", "ys", "yz"], "q")]), type)
    quantised(f"LeakyRelu, AveragePool between bytes {name}", 13, lambda n, k, x: n.extend([node("DequantizeLinear", x, "d"), node("LeakyRelu", ["d"], "r", alpha=0.3), node("AveragePool", ["r"], "s", kernel_shape=[2, 2]), node("QuantizeLinear", ["s", "ys", "yz"], "q")]), type)
    quantised(f"QLinearSoftmax {name}", 13, lambda n, k, x: n.append(node("QLinearSoftmax", [*x, "ys", "yz"], "q", domain=MS, axis=-1, opset=13)), type)

    def concat(nodes, kept, x):
        kept |= {"c": bytes_(1, 2, 8, 8, type=type), "cs": np.float32(0.03), "cz": np.asarray(4, type)}
        nodes.append(node("QLinearConcat", ["ys", "yz", *x, "c", "cs", "cz"], "q", domain=MS, axis=1))

    quantised(f"QLinearConcat {name}", 13, concat, type)
    quantised(f"MaxPool of bytes {name}", 13, lambda n, k, x: n.append(node("MaxPool", [x[0]], "q", kernel_shape=[2, 2])), type)

# What optimisers write
net("FusedConv Relu", 13, node("FusedConv", ["image", "w", "b"], domain=MS, activation="Relu", pads=[1, 1, 1, 1]), {"w": floats(4, 3, 3, 3), "b": floats(4)})
net("FusedConv LeakyRelu", 13, node("FusedConv", ["image", "w"], domain=MS, activation="LeakyRelu", activation_params=[0.2]), {"w": floats(4, 3, 3, 3)})
net("FusedConv Clip", 13, node("FusedConv", ["image", "w"], domain=MS, activation="Clip", activation_params=[0.0, 1.0]), {"w": floats(4, 3, 3, 3)})
net("FusedConv HardSigmoid", 13, node("FusedConv", ["image", "w"], domain=MS, activation="HardSigmoid", activation_params=[0.2, 0.4]), {"w": floats(4, 3, 3, 3)})
net("FusedConv with a sum", 13, node("FusedConv", ["image", "w", "b", "image"], domain=MS, activation="Relu", pads=[1, 1, 1, 1]), {"w": floats(3, 3, 3, 3), "b": floats(3)})
net("FusedGemm", 13, [node("Flatten", ["image"], "x"), node("FusedGemm", ["x", "w", "c"], domain=MS, activation="Relu", transB=1)], {"w": floats(5, 192), "c": floats(5)})
net("FusedGemm LeakyRelu", 13, [node("Flatten", ["image"], "x"), node("FusedGemm", ["x", "w", "c"], domain=MS, activation="LeakyRelu", activation_alpha=0.2)], {"w": floats(192, 5), "c": floats(5)})
net("FusedMatMul", 13, node("FusedMatMul", ["image", "w"], domain=MS, alpha=0.5, transB=1), {"w": floats(5, 8)})
net("FusedMatMul transA", 13, node("FusedMatMul", ["image", "image"], domain=MS, transA=1))
net("Gelu of com.microsoft", 13, node("Gelu", ["image"], domain=MS))
net("FastGelu", 13, node("FastGelu", ["image", "b"], domain=MS), {"b": floats(8)})
net("BiasGelu", 13, node("BiasGelu", ["image", "b"], domain=MS), {"b": floats(8)})
net("QuickGelu", 13, node("QuickGelu", ["image"], domain=MS, alpha=1.702))
net("QuickGelu alpha=1", 13, node("QuickGelu", ["image"], domain=MS, alpha=1.0))
net("QuantizeLinear of com.microsoft", 13, [node("QuantizeLinear", ["image", "s", "z"], "q", domain=MS), node("DequantizeLinear", ["q", "s", "z"], domain=MS)], {"s": np.float32(0.02), "z": np.uint8(128)})
net("QuantizeLinear of com.microsoft, 16 bits", 13, [node("QuantizeLinear", ["image", "s", "z"], "q", domain=MS), node("DequantizeLinear", ["q", "s", "z"], domain=MS)], {"s": np.float32(0.001), "z": np.uint16(32768)})
net("NhwcMaxPool", 13, [node("Transpose", ["image"], "t", perm=[0, 2, 3, 1]), node("QuantizeLinear", ["t", "s", "z"], "q"), node("NhwcMaxPool", ["q"], "p", domain=MS, kernel_shape=[2, 2], strides=[2, 2]), node("DequantizeLinear", ["p", "s", "z"])], {"s": np.float32(0.02), "z": np.uint8(128)})


def make(folder):
    import onnxruntime as ort

    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    options = ort.SessionOptions()
    options.log_severity_level = 4
    # As the file stands: what an optimisation would round otherwise is no answer to compare with.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    left = 0
    for name, (model, image) in networks.items():
        path = folder / f"{name.replace('/', '_')}.onnx"
        path.write_bytes(model.SerializeToString())
        image.tofile(path.with_suffix(".in"))
        try:
            answer = ort.InferenceSession(path, options).run(None, {"image": image})[0]
            answer.astype(np.float32).tofile(path.with_suffix(".expected"))
        except Exception as error:
            print("onnxruntime has not", name, str(error)[:110].replace("\n", " "))
            # What it lacks must be refused.
            np.zeros(0, np.float32).tofile(path.with_suffix(".expected"))
            left += 1
    print(len(networks), "networks;", left, "that onnxruntime has not")


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](Path(sys.argv[2]))
