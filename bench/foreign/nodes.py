"""The standard's own tests of operators (onnx.backend.test), those that image classifiers use, each made a network that
takes its inputs from one image: what the standard says comes out, and what Hearth answers.

    pip install onnx==1.23.2 onnxruntime==1.32.0 numpy
    python bench/foreign/nodes.py make FOLDER [all]
    HEARTH_NETWORKS=FOLDER cargo test --features cli --test browser -- --ignored a_folder_of_networks
    python bench/foreign/nodes.py compare FOLDER

With `all`, those of every operator. Prints how many are right, how many are refused with the operator's name, and what is neither. Ends with 1 if anything is
wrong.
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from comparing import compare
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

# What networks that classify images are exported with by PyTorch, Keras, tf2onnx, scikit-learn and onnxruntime's tools,
# layers and activations, and what converters write around them (shapes, casts, comparisons, reductions).
LAYERS = """
    AveragePool BatchNormalization Conv ConvInteger ConvTranspose Dropout Flatten Gemm GlobalAveragePool GlobalLpPool
    GlobalMaxPool GroupNormalization InstanceNormalization LayerNormalization LpNormalization LpPool LRN MatMul
    MatMulInteger MaxPool MeanVarianceNormalization RMSNormalization
"""
ACTIVATIONS = """
    Celu Clip Elu Erf Gelu HardSigmoid HardSwish Hardmax LeakyRelu LogSoftmax Mish PRelu Relu Selu Shrink Sigmoid Softmax
    Softplus Softsign Swish Tanh ThresholdedRelu
"""
QUANTISED = """
    DequantizeLinear DynamicQuantizeLinear QLinearConv QLinearMatMul QuantizeLinear
"""
SHAPES = """
    Compress Concat Constant ConstantOfShape DepthToSpace Expand Gather GatherElements GatherND GridSample
    Identity OneHot Pad Range Reshape Resize ScatterElements ScatterND Shape Size Slice SpaceToDepth Split Squeeze Tile TopK
    Transpose Trilu Unsqueeze Upsample
"""
NUMBERS = """
    Abs Add And ArgMax ArgMin Cast CastLike Ceil CumSum Div Einsum Equal Exp Floor Greater GreaterOrEqual IsInf IsNaN Less
    LessOrEqual Log Max Mean Min Mod Mul Neg Not Or Pow Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Round Sign Sqrt Sub Sum Where Xor If
"""
OPERATORS = set(" ".join([LAYERS, ACTIVATIONS, QUANTISED, SHAPES, NUMBERS]).split())
# What of an operator's inputs comes from the image. All others tell how (a shape, axes, bounds), or are weights: in a
# network that classifies images they are part of the file.
FROM_IMAGE = {
    **{name: 9 for name in "Add And Concat Div Einsum Equal Greater GreaterOrEqual Less LessOrEqual MatMul Max Mean Min Mod Mul Or Pow Sub Sum Where Xor".split()},
    "GridSample": 2,
    "ConstantOfShape": 0,
    "Range": 0,
}  # fmt: skip
TYPES = {np.dtype(name) for name in ("float32", "float16", "float64", "int8", "uint8", "int32", "int64", "bool")}
# Beyond these whole numbers are no longer exact as 32-bit floats, in which an image is given.
EXACT = 2**24


def cases():
    from onnx.backend.test.case.node import collect_testcases

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.seterr(all="ignore")
        return collect_testcases(None)


def operators(case):
    return {node.op_type for node in case.model.graph.node if node.op_type != "Constant"} or {"Constant"}


def arrays(data):
    """Inputs and outputs as arrays, or None if any is of another kind."""
    inputs, outputs = (
        [nh.to_array(one) if isinstance(one, onnx.TensorProto) else one for one in part] for part in data
    )
    if not all(isinstance(one, (np.ndarray, np.generic)) and np.asarray(one).dtype in TYPES for one in (*inputs, *outputs)):
        return None
    return [np.asarray(one) for one in inputs], [np.asarray(one) for one in outputs]


def network(operator, model, inputs, outputs):
    """The same graph behind an image that holds its inputs, in front of one list of its outputs."""
    graph, nodes, kept, values, taken = model.graph, [], [], [], 0

    def node(operator, inputs, output, **settings):
        nodes.append(h.make_node(operator, inputs, [output], **settings))
        return output

    def stored(name, value):
        kept.append(nh.from_array(np.asarray(value), name))
        return name

    opset = next((o.version for o in model.opset_import if not o.domain), 13)
    given = [value for value in graph.input]
    parts = []
    many = FROM_IMAGE.get(operator, 1)
    for place, (info, value) in enumerate(zip(given, inputs, strict=True)):
        # An image may be all zeros.
        divides = operator in ("Div", "Mod") and place == 1 and value.dtype.kind in "iu"
        whole = value.dtype.kind in "iu" and value.size and np.abs(value.astype(np.int64)).max() >= EXACT
        if place >= many or whole or divides or not np.isfinite(value.astype(np.float64)).all():
            stored(info.name, value)
        else:
            parts.append((info.name, value))
            values.append(value.astype(np.float32).ravel())
    image = np.concatenate(values) if values else np.zeros(1, np.float32)
    side = max(4, int(np.ceil(np.sqrt(image.size))))
    image = np.pad(image, (0, side * side - image.size))
    node("Reshape", ["image", stored("test.flat", np.array([-1], np.int64))], "test.values")
    for name, value in parts:
        start, taken = taken, taken + value.size
        if opset >= 10:
            bounds = [stored(f"test.{name}.{at}", np.array([place], np.int64)) for at, place in (("from", start), ("to", taken))]
            node("Slice", ["test.values", *bounds], f"test.{name}.slice")
        else:
            node("Slice", ["test.values"], f"test.{name}.slice", starts=[start], ends=[taken], axes=[0])
        shape = stored(f"test.{name}.shape", np.array(value.shape, np.int64))
        same = value.dtype == np.float32
        node("Reshape", [f"test.{name}.slice", shape], name if same else f"test.{name}.float")
        if not same:
            node("Cast", [f"test.{name}.float"], name, to=h.np_dtype_to_tensor_dtype(value.dtype))
    nodes.extend(graph.node)
    ends = []
    for info, value in zip(graph.output, outputs, strict=True):
        node("Cast", [info.name], f"test.{info.name}.cast", to=T.FLOAT)
        ends.append(node("Reshape", [f"test.{info.name}.cast", "test.flat"], f"test.{info.name}.flat"))
    # A list of at least two numbers is an answer.
    ends.append(stored("test.two", np.zeros(2, np.float32)))
    node("Concat", ends, "test.all", axis=0)
    node("Reshape", ["test.all", stored("test.row", np.array([1, -1], np.int64))], "logits")
    new = h.make_graph(
        nodes,
        graph.name,
        [h.make_tensor_value_info("image", T.FLOAT, [1, 1, side, side])],
        [h.make_tensor_value_info("logits", T.FLOAT, None)],
        [*graph.initializer, *kept],
    )
    whole = h.make_model(new, opset_imports=list(model.opset_import) + ([] if any(not o.domain for o in model.opset_import) else [h.make_opsetid("", opset)]), ir_version=model.ir_version)
    expected = np.concatenate([*(value.astype(np.float32).ravel() for value in outputs), np.zeros(2, np.float32)])
    return whole, image, expected


def make(folder, which=""):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    made, other, left = 0, 0, 0
    every = cases()
    plain = [case for case in every if "_expanded" not in case.name]
    ours = {name for case in every for name in operators(case)} if which == "all" else OPERATORS
    names = {case.name: min(operators(case)) for case in plain if operators(case) <= ours}
    for case in every:
        model = case.model
        # Other operators as functions of those above, such as attention.
        if case.name.split("_expanded")[0] not in names or not operators(case) <= ours:
            other += 1
            continue
        data = arrays(case.data_sets[0])
        # An image has pixels.
        if data is None or not all(value.size for value in data[0]):
            left += 1
            continue
        whole, image, expected = network(names[case.name.split("_expanded")[0]], model, *data)
        path = folder / f"{case.name}.onnx"
        path.write_bytes(whole.SerializeToString())
        image.astype(np.float32).tofile(path.with_suffix(".in"))
        expected.tofile(path.with_suffix(".expected"))
        halves = any(value.dtype == np.float16 for part in data for value in part)
        if halves:
            # Calculated in 32 bits: right as far as 16 bits tell.
            path.with_suffix(".near").write_text("2e-3")
        made += 1
    print(made, "tests;", other, "of other operators;", left, "of other types, or of nothing")


if __name__ == "__main__":
    {"make": make, "compare": compare}[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
