"""Makes one file of each kind that people have, from Hearth's digits and small networks of its own, and says what each
should do: `kinds.py DIGITS_ONNX MNIST_TEST_IMAGES_IDX FOLDER [IMAGES]`.

Of each kind that is to be opened: what onnxruntime answers to so many test digits (100), probabilities for each class, in
`expected.json`, with how the images are brought to it. Needs onnx, onnxruntime, onnxconverter-common and skl2onnx.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

DIGITS, IMAGES, OUT = (Path(path) for path in sys.argv[1:4])
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 100
OUT.mkdir(parents=True, exist_ok=True)

raw = IMAGES.read_bytes()
raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
BYTES = np.frombuffer(raw[16 : 16 + COUNT * 784], np.uint8).reshape(COUNT, 1, 28, 28)
UNIT = (BYTES / np.float32(255)).astype(np.float32)

kinds = []


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def run(model, feed, output=None):
    """onnxruntime's answers, image by image or as many as the file takes."""
    # As the file stands: what is rounded is rounded again by no optimisation.
    options = ort.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(model if isinstance(model, str) else model.SerializeToString(), options)
    entry = session.get_inputs()[0]
    batch = entry.shape[0] if isinstance(entry.shape[0], int) else 1
    name = output or session.get_outputs()[0].name
    rows = []
    for start in range(0, COUNT, batch):
        part = feed[start : start + batch]
        if len(part) < batch:
            part = np.concatenate([part, np.repeat(part[-1:], batch - len(part), 0)])
        rows.append(session.run([name], {entry.name: part})[0].reshape(batch, -1))
    return np.concatenate(rows)[:COUNT].astype(np.float64)


def opened(kind, model, feed=UNIT, to=None, output=None, preprocessing=None, labels=10, file=None, fixed=None):
    """A file that is to be opened: `to` makes probabilities of what onnxruntime answers."""
    path = OUT / (file or f"{kind}.onnx")
    if file is None:
        onnx.save(model, path)
    scores = run(str(path), feed, output)
    kinds.append({
        "kind": kind,
        "file": path.name,
        "preprocessing": preprocessing or "digits",
        "output": fixed,
        "expected": (to(scores) if to else scores).tolist(),
    })


def refused(kind, model, code=None, file=None):
    path = OUT / (file or f"{kind}.onnx")
    if file is None:
        path.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
    kinds.append({"kind": kind, "file": path.name, "refused": code or True})


def digits():
    """The shipped network as other programs would have written it: no metadata, `probabilities` alone."""
    model = onnx.load(DIGITS)
    del model.metadata_props[:]
    return only(model, "probabilities")


def only(model, *names):
    kept = [o for o in model.graph.output if o.name in names]
    del model.graph.output[:]
    model.graph.output.extend(sorted(kept, key=lambda o: names.index(o.name)))
    needed, nodes = set(names), []
    for node in reversed(model.graph.node):
        if needed & set(node.output):
            nodes.append(node)
            needed |= set(node.input)
    del model.graph.node[:]
    model.graph.node.extend(reversed(nodes))
    weights = [w for w in model.graph.initializer if w.name in needed]
    del model.graph.initializer[:]
    model.graph.initializer.extend(weights)
    return model


def values(shape, name="out", kind=T.FLOAT):
    return h.make_tensor_value_info(name, kind, shape)


def behind(model, nodes, outputs, weights=(), base="probabilities"):
    """More operators behind one of the outputs, and other outputs."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(weights)
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    return model


def before(model, nodes, entry, weights=()):
    """Operators in front: the last outputs what the network took."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    old = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(list(nodes) + old)
    model.graph.initializer.extend(weights)
    del model.graph.input[:]
    model.graph.input.append(entry)
    return model


def weight(name, array):
    return nh.from_array(np.asarray(array), name)


base = digits()
INPUT = base.graph.input[0].name
logits = only(onnx.load(DIGITS), "logits")
del logits.metadata_props[:]
both = onnx.load(DIGITS)
del both.metadata_props[:]
width = {t.name: t for t in both.graph.output}

# As it is, and what programs do to a file without changing what it computes.
opened("no metadata", base)
opened("logits alone", logits, to=softmax)
opened("inner shapes (shape_inference)", onnx.shape_inference.infer_shapes(base))
opened("batch without a name", before(base, [], values([None, 1, 28, 28], INPUT)))
opened("all sides dynamic", before(base, [], values(["n", "c", "h", "w"], INPUT)))
opened("height and width dynamic", before(base, [], values(["n", 1, "h", "w"], INPUT)))
opened("fixed batch 1", before(base, [], values([1, 1, 28, 28], INPUT)))
for batch in (2, 8):
    opened(f"fixed batch {batch}", before(base, [], values([batch, 1, 28, 28], INPUT)))
model = onnx.shape_inference.infer_shapes(before(base, [], values([8, 1, 28, 28], INPUT)))
opened("fixed batch 8 with inner shapes", model)
for opset in (7, 8, 9, 11, 12, 13, 15, 18, 20, 21, 23, 25):
    try:
        # Downwards there is no converter for batch normalisation, whose meaning has not changed.
        model = digits()
        if opset < 17:
            model.opset_import[0].version = opset
        else:
            model = onnx.version_converter.convert_version(base, opset)
        opened(f"opset {opset}", model)
    except Exception as error:
        print(f"opset {opset}: not made ({str(error)[:80]})")
for version in (10, 11, 12):
    model = digits()
    model.ir_version = version
    opened(f"IR {version}", model)
model = digits()
model.ir_version = 3
model.graph.input.extend(values(list(w.dims), w.name, w.data_type) for w in model.graph.initializer)
opened("weights among the inputs (IR 3)", model)
model = digits()
constants = [h.make_node("Constant", [], [w.name], value=w) for w in model.graph.initializer]
del model.graph.initializer[:]
opened("weights as Constant operators", before(model, constants, model.graph.input[0]))

# Layout and type of the input.
turn = h.make_node("Transpose", ["hwc"], [INPUT], perm=[0, 3, 1, 2])
opened("channels last", before(base, [turn], values(["n", 28, 28, 1], "hwc")), UNIT.transpose(0, 2, 3, 1))
cast = [h.make_node("Cast", ["given"], ["float"], to=T.FLOAT), h.make_node("Mul", ["float", "share"], [INPUT])]
share = weight("share", np.float32(1 / 255))
opened("bytes (uint8)", before(base, cast, values(["n", 1, 28, 28], "given", T.UINT8), [share]), BYTES, preprocessing="bytes")
opened("int32", before(base, cast, values(["n", 1, 28, 28], "given", T.INT32), [share]), BYTES.astype(np.int32), preprocessing="bytes")
last = [h.make_node("Cast", ["given"], ["float"], to=T.FLOAT), h.make_node("Mul", ["float", "share"], ["hwc"]), turn]
opened("bytes, channels last", before(base, last, values(["n", 28, 28, 1], "given", T.UINT8), [share]),
       BYTES.transpose(0, 2, 3, 1), preprocessing="bytes")
opened("floats of 0 to 255", before(base, [h.make_node("Mul", ["given", "share"], [INPUT])], values(["n", 1, 28, 28], "given"), [share]),
       BYTES.astype(np.float32), preprocessing="bytes")
opened("divides by 255 itself", before(base, [h.make_node("Div", ["given", "b"], [INPUT])], values(["n", 1, 28, 28], "given"), [weight("b", np.float32(255))]),
       BYTES.astype(np.float32), preprocessing="bytes")
opened("-1 to 1", before(base, [h.make_node("Mul", ["given", "half"], ["h"]), h.make_node("Add", ["h", "half"], [INPUT])],
                         values(["n", 1, 28, 28], "given"), [weight("half", np.float32(0.5))]), (2 * UNIT - 1).astype(np.float32), preprocessing="signed")
shape4 = weight("shape4", np.array([-1, 1, 28, 28], np.int64))
back = h.make_node("Reshape", ["flat", "shape4"], [INPUT])
opened("grey without channels", before(base, [back], values(["n", 28, 28], "flat"), [shape4]), UNIT[:, 0])
opened("flat vector", before(base, [back], values(["n", 784], "flat"), [shape4]), UNIT.reshape(-1, 784))

# Halves, doubles, quantisation.
from onnxconverter_common import float16

half = float16.convert_float_to_float16(digits(), keep_io_types=False)
opened("float16 throughout", half, UNIT.astype(np.float16))
opened("float16 inside", float16.convert_float_to_float16(digits(), keep_io_types=True))
from onnxruntime import quantization as q


class Reader(q.CalibrationDataReader):
    def __init__(self):
        self.left = iter([{INPUT: UNIT[i : i + 1]} for i in range(0, min(60, COUNT), 3)])

    def get_next(self):
        return next(self.left, None)


plain = OUT / "plain.onnx"
onnx.save(base, plain)
for kind, form in (("QDQ", q.QuantFormat.QDQ), ("operators", q.QuantFormat.QOperator)):
    path = OUT / f"quantised {kind}.onnx"
    q.quantize_static(str(plain), str(path), Reader(), quant_format=form, activation_type=q.QuantType.QUInt8, weight_type=q.QuantType.QInt8)
    opened(f"quantised, {kind}", None, file=path.name)
plain.unlink()

# What the scores are.
p = "probabilities"
scale, zero = weight("scale", np.float32(1 / 255)), weight("zero", np.uint8(0))
opened("softmax, quantised behind", behind(base, [h.make_node("QuantizeLinear", [p, "scale", "zero"], ["q"]), h.make_node("DequantizeLinear", ["q", "scale", "zero"], ["out"])],
                                          [values(["n", 10])], [scale, zero]))
hundred = weight("hundred", np.float32(100))
opened("softmax, a reshape behind", behind(base, [h.make_node("Reshape", [p, "s"], ["out"])], [values(["n", 10, 1, 1])], [weight("s", np.array([-1, 10, 1, 1], np.int64))]))
opened("softmax in float16 behind", behind(base, [h.make_node("Cast", [p], ["half"], to=T.FLOAT16), h.make_node("Cast", ["half"], ["out"], to=T.FLOAT)], [values(["n", 10])]))
opened("log-softmax", behind(logits, [h.make_node("LogSoftmax", ["logits"], ["out"], axis=-1)], [values(["n", 10])]), to=np.exp)
opened("softmax written out", behind(logits, [h.make_node("ReduceMax", ["logits"], ["m"], axes=[1], keepdims=1), h.make_node("Sub", ["logits", "m"], ["d"]), h.make_node("Exp", ["d"], ["e"]),
       h.make_node("ReduceSum", ["e", "axes"], ["sum"], keepdims=1), h.make_node("Div", ["e", "sum"], ["out"])], [values(["n", 10])], [weight("axes", np.array([1], np.int64))]))
opened("mean of two softmaxes", behind(base, [h.make_node("Mean", [p, p], ["out"])], [values(["n", 10])]))
opened("sigmoid, independent labels", behind(logits, [h.make_node("Sigmoid", ["logits"], ["out"])], [values(["n", 10])]))
row = weight("row", np.linspace(-0.3, 0.3, 10, dtype=np.float32).reshape(10, 1))
opened("one sigmoid, two classes", behind(logits, [h.make_node("MatMul", ["logits", "row"], ["one"]), h.make_node("Sigmoid", ["one"], ["out"])], [values(["n", 1])], [row]),
       to=lambda s: np.concatenate([1 - s, s], 1))

# Several outputs.
feature = both.graph.output[[o.name for o in both.graph.output].index("features")] if "features" in width else None
if feature is not None:
    model = onnx.ModelProto.FromString(both.SerializeToString())
    del model.graph.output[:]
    # Renamed, as nobody else calls them so.
    model.graph.node.extend([h.make_node("Identity", ["features"], ["embedding"]), h.make_node("Identity", [p], ["scores"])])
    model.graph.output.extend([values(["n", feature.type.tensor_type.shape.dim[-1].dim_value], "embedding"), values(["n", 10], "scores")])
    opened("an embedding first", model, output="scores")
model = behind(base, [h.make_node("ArgMax", [p], ["label"], axis=1, keepdims=0), h.make_node("Identity", [p], ["scores"])],
               [values(["n"], "label", T.INT64), values(["n", 10], "scores")])
opened("an int64 label first", model, output="scores")

# Weights beside the file.
for kind, one in (("one file", True), ("a file each", False)):
    name = f"external, {kind}.onnx"
    onnx.save_model(digits(), OUT / name, save_as_external_data=True, all_tensors_to_one_file=one,
                    location="weights.data" if one else None, size_threshold=0)
    opened(f"external weights, {kind}", None, file=name)

# A function of the file's own, and a condition that never changes.
model = digits()
model.ir_version = 10
model.opset_import.append(h.make_opsetid("mine", 1))
model.functions.append(h.make_function("mine", "Twice", ["x"], ["y"], [h.make_node("Add", ["x", "x"], ["y"])], [h.make_opsetid("", 17)]))
twice = [h.make_node("Mul", ["given", "half"], ["h"]), h.make_node("Twice", ["h"], [INPUT], domain="mine")]
opened("a function of its own", before(model, twice, values(["n", 1, 28, 28], "given"), [weight("half", np.float32(0.5))]))
then = h.make_graph([h.make_node("Identity", ["given"], ["a"])], "then", [], [values(None, "a")])
other = h.make_graph([h.make_node("Neg", ["given"], ["b"])], "else", [], [values(None, "b")])
opened("a condition that never changes", before(base, [h.make_node("If", ["yes"], [INPUT], then_branch=then, else_branch=other)],
                                               values(["n", 1, 28, 28], "given"), [weight("yes", np.array(True))]))

# scikit-learn's own exporter, taught on the test digits themselves.
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from skl2onnx import to_onnx

session = ort.InferenceSession(base.SerializeToString())
taught = session.run([p], {INPUT: UNIT})[0].argmax(1) if base.graph.input[0].type.tensor_type.shape.dim[0].dim_param else run(base, UNIT).argmax(1)
for kind, learner in (("MLP", MLPClassifier((16,), max_iter=60, random_state=1)), ("logistic regression", LogisticRegression(max_iter=200))):
    if len(set(taught)) < 10:
        break  # Too few images to teach anything.
    learner.fit(UNIT.reshape(COUNT, -1), taught)
    for zipmap in (False, True):
        name = f"scikit-learn {kind}{', zipmap' if zipmap else ''}"
        model = to_onnx(learner, UNIT.reshape(COUNT, -1)[:1], options={id(learner): {"zipmap": zipmap}}, target_opset=17)
        if zipmap:
            refused(name, model)
        else:
            opened(name, model, UNIT.reshape(COUNT, -1), output=model.graph.output[1].name)

# Operators that engines read in other ways.
for name, attributes in (("Celu", {"alpha": 2.0}), ("LpPool", {"kernel_shape": [2, 2], "strides": [2, 2], "p": 2})):
    nodes = [h.make_node(name, ["given"], ["x"], **attributes), h.make_node("Flatten", ["x"], ["f"]), h.make_node("MatMul", ["f", "w"], ["l"]), h.make_node("Softmax", ["l"], ["out"])]
    side = 196 if name == "LpPool" else 784
    w = weight("w", np.random.default_rng(3).normal(0, 0.05, (side, 10)).astype(np.float32))
    graph = h.make_graph(nodes, "g", [values(["n", 1, 28, 28], "given")], [values(["n", 10])], [w])
    opened(f"{name}", h.make_model(graph, opset_imports=[h.make_opsetid("", 18)], ir_version=9), (UNIT - 0.5).astype(np.float32),
           preprocessing={"fit": "digit", "offset": 127.5, "scale": 1 / 255})

# What must be refused.
good = base.SerializeToString()
refused("cut short", good[: len(good) // 2], "onnx-cut-short")
refused("random bytes", np.random.default_rng(1).bytes(5000), "onnx-unreadable")
refused("empty", b"", True)
model = digits()
model.graph.node[0].input[0] = p
refused("a circle", model, "onnx-graph")
model = digits()
model.graph.node.append(h.make_node("Identity", [INPUT], [model.graph.node[0].output[0]]))
refused("made twice", model, "onnx-made-twice")
model = digits()
model.graph.initializer.append(h.make_tensor("text", T.STRING, [1], [b"a"]))
refused("texts", model, "onnx-strings")
model = digits()
model.graph.input.append(values(["n", 1, 28, 28], "second"))
model.graph.node.append(h.make_node("Identity", ["second"], ["copy"]))
refused("two images", model, "onnx-inputs")
model = before(base, [], values(["n", 1, 2**40, 2**40], INPUT))
refused("absurd sides", model, True)
for name, nodes, weights in (
    ("ConstantOfShape", [h.make_node("ConstantOfShape", ["s"], ["big"])], [weight("s", np.array([60000, 60000], np.int64))]),
    ("Expand", [h.make_node("Expand", ["one", "s"], ["big"])], [weight("s", np.array([60000, 60000], np.int64)), weight("one", np.float32([1]))]),
    ("Tile", [h.make_node("Tile", ["one", "s"], ["big"])], [weight("s", np.array([2000000000], np.int64)), weight("one", np.float32([1]))]),
):
    add = nodes + [h.make_node("ReduceSum", ["big"], ["sum"], keepdims=0), h.make_node("Add", [p, "sum"], ["out"])]
    refused(f"a huge {name}", behind(base, add, [values(["n", 10])], weights), "onnx-memory")
graph = h.make_graph([h.make_node("Identity", ["given"], ["deep"])], "deepest", [], [values(None, "deep")])
for depth in range(28):
    node = h.make_node("If", ["yes"], ["deep"], then_branch=graph)
    graph = h.make_graph([node], f"g{depth}", [], [values(None, "deep")])
refused("deep nesting", before(base, [h.make_node("If", ["yes"], [INPUT], then_branch=graph)], values(["n", 1, 28, 28], "given"), [weight("yes", np.array(True))]))
graph = h.make_graph([h.make_node("ReduceMean", ["given"], ["out"], axes=[1, 2, 3], keepdims=0)], "g", [values(["n", 1, 28, 28], "given")], [values(["n"], "out")])
refused("one number", h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8))
refused("an unknown operator", behind(base, [h.make_node("Frobnicate", [p], ["out"], domain="com.example")], [values(["n", 10])]), "onnx-operator")
graph = h.make_graph([h.make_node("NonMaxSuppression", ["b", "s"], ["out"])], "g", [values([1, 6, 4], "b"), values([1, 1, 6], "s")], [values([None, 3], "out", T.INT64)])
refused("a detector's end", h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8))
for name, content in (("keras.onnx", None), ("h5.onnx", b"\x89HDF\r\n\x1a\n" + bytes(200)), ("tflite.onnx", b"\x1c\x00\x00\x00TFL3" + bytes(200)),
                      ("pickle.onnx", b"\x80\x04\x95" + bytes(60)), ("safetensors.onnx", (24).to_bytes(8, "little") + b'{"__metadata__":{"a":"b"}}' + bytes(50))):
    if content is None:
        import io
        import zipfile

        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for entry in ("metadata.json", "config.json", "model.weights.h5"):
                archive.writestr(entry, "{}")
        content = buffer.getvalue()
    refused(f"{name.split('.')[0]}, called .onnx", content, True, None)

(OUT / "expected.json").write_text(json.dumps({"images": BYTES.reshape(COUNT, -1).tolist(), "kinds": kinds}))
print(len(kinds), "kinds")
