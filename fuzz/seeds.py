"""Seeds for the fuzzer, of real files: small networks in many forms, lists of labels, IDX, archives, datasets' lists.
Needs numpy and onnx.

    python fuzz/seeds.py            writes fuzz/corpus/*
"""

import io
import json
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
ROOT = HERE.parent
FIXTURES = ROOT / "tests" / "fixtures"
random = np.random.default_rng(14)


def put(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def weights(name, *shape):
    return numpy_helper.from_array(random.normal(size=shape).astype(np.float32), name)


def network(middle, held=(), shape=("N", 1, 8, 8), element=TensorProto.FLOAT, end="Softmax", opset=17):
    """An image of 8 × 8 → `middle`, from `image` to `x` → three scores."""
    nodes = [
        *middle,
        helper.make_node("GlobalAveragePool", ["x"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], ["scores"]),
        helper.make_node(end, ["scores"], ["probabilities"]),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("image", element, shape)],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 3])],
        [weights("w", 4, 3), weights("b", 3), *held],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    return model


def node(operator, takes=("a",), makes=("x",), **settings):
    return helper.make_node(operator, list(takes), list(makes), **settings)


def networks():
    conv = [node("Conv", ["image", "k"], ["a"], pads=[1, 1, 1, 1])]
    k = weights("k", 4, 1, 3, 3)
    ends = [
        [node("Relu")],
        [node("MaxPool", kernel_shape=[2, 2], strides=[2, 2])],
        [node("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)],
        [node("LeakyRelu", alpha=0.2)],
        [node("Sigmoid", makes=["s"]), node("Mul", ["a", "s"])],
        [node("HardSwish")],
        [node("Celu", alpha=0.5)],
        [node("LpPool", kernel_shape=[2, 2])],
        [node("Transpose", makes=["t"], perm=[0, 2, 3, 1]), node("Transpose", ["t"], perm=[0, 3, 1, 2])],
        [node("Concat", ["a", "a"], ["c"], axis=2), node("Identity", ["c"])],
        [node("Split", makes=["s", "r"], axis=2, num_outputs=2), node("Add", ["s", "r"])],
        [node("LRN", size=3)],
        [node("InstanceNormalization", ["a", "g", "g"])],
        [node("BatchNormalization", ["a", "g", "g", "g", "v"])],
        [node("ConvTranspose", ["a", "d"], strides=[2, 2])],
        [node("Cast", makes=["h"], to=TensorProto.FLOAT16), node("Cast", ["h"], to=TensorProto.FLOAT)],
        [node("Dropout", makes=["x", ""])],
        [node("ReduceMean", makes=["m"], axes=[2, 3], keepdims=1), node("Mul", ["a", "m"])],
    ]
    held = [k, weights("g", 4), weights("d", 4, 4, 2, 2), numpy_helper.from_array(np.ones(4, np.float32), "v")]
    for place, end in enumerate(ends):
        # LpPool, Split and others have other settings in later sets.
        yield f"{end[0].op_type}-{place}", network(conv + end, held, opset=18 if end[0].op_type == "Split" else 17)
    for end in ["LogSoftmax", "Sigmoid", "Identity"]:
        yield f"ends-{end}", network(conv + [node("Relu")], [k], end=end)
    relu = [node("Relu")]
    yield "fixed", network(conv + relu, [k], shape=(2, 1, 8, 8))
    yield "dynamic", network(conv + relu, [k], shape=("N", 1, "H", "W"))
    yield "inner", onnx.shape_inference.infer_shapes(network(conv + relu, [k], shape=(1, 1, 8, 8)))
    turned = [node("Transpose", ["image"], ["n"], perm=[0, 3, 1, 2]), node("Conv", ["n", "k"], ["a"]), *relu]
    yield "last", network(turned, [k], shape=("N", 8, 8, 1))
    cast = [node("Cast", ["image"], ["n"], to=TensorProto.FLOAT), node("Conv", ["n", "k"], ["a"]), *relu]
    yield "bytes", network(cast, [k], element=TensorProto.UINT8)
    flat = [
        node("Constant", [], ["s"], value=numpy_helper.from_array(np.array([-1, 1, 8, 8]), "s")),
        node("Reshape", ["image", "s"], ["n"]),
        node("Conv", ["n", "k"], ["a"]),
        *relu,
    ]
    yield "flat", network(flat, [k], shape=("N", 64))
    scale = numpy_helper.from_array(np.float32(0.1), "q")
    zero = numpy_helper.from_array(np.uint8(3), "z")
    steps = [node("QuantizeLinear", ["a", "q", "z"], ["i"]), node("DequantizeLinear", ["i", "q", "z"])]
    yield "quantised", network(conv + steps, [k, scale, zero])
    branch = helper.make_graph([node("Relu", ["a"], ["y"])], "y", [], [helper.make_tensor_value_info("y", 1, None)])
    yes = numpy_helper.from_array(np.array(True), "yes")
    asks = [node("If", ["yes"], then_branch=branch, else_branch=branch)]
    yield "if", network(conv + asks, [k, yes])
    called = network(conv + [node("Own", domain="own")], [k])
    body = helper.make_function("own", "Own", ["a"], ["x"], relu, [helper.make_opsetid("", 17)])
    called.functions.append(body)
    called.opset_import.append(helper.make_opsetid("own", 1))
    yield "function", called
    described = network(conv + relu, [k])
    for key, value in [
        ("hearth.labels", json.dumps(["a", "b", "c"])),
        ("hearth.preprocessing", json.dumps({"layout": "channelsFirst"})),
    ]:
        described.metadata_props.add(key=key, value=value)
    yield "described", described


def lists():
    names = ["cat", "dog", "great auk"]
    yield "txt", "\n".join(names)
    yield "crlf", "\ufeff" + "\r\n".join(names) + "\r\n"
    yield "numbers", "0 cat\n1 dog\n2 great auk"
    yield "synsets", "n01440764 tench, Tinca tinca\nn01443537 goldfish"
    yield "csv", 'index,label\n0,"tench, Tinca tinca"\n1,dog\n'
    yield "back", "label;index\ncat;0\ndog;1\n"
    yield "list", json.dumps(names)
    yield "object", json.dumps({str(i): n for i, n in enumerate(names)})
    yield "turned", json.dumps({n: i for i, n in enumerate(names)})
    yield "config", json.dumps({"model": {"id2label": {"0": "cat", "1": "dog"}}})
    yield "keras", json.dumps({"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]})
    yield "coco", json.dumps({"categories": [{"id": 1, "name": "cat"}, {"id": 18, "name": "dog"}]})
    yield "machine", json.dumps({"tfjsVersion": "1", "labels": names})
    yield "python", "{0: 'tench', 1: \"cock's comb\",}"


def archive(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return made.getvalue()


def main():
    shutil.rmtree(HERE / "corpus", ignore_errors=True)
    for name, model in networks():
        put("onnx", f"{name}.onnx", model.SerializeToString())
    for name in ["inside", "one", "each"]:
        put("onnx", f"{name}.onnx", (FIXTURES / "external" / f"{name}.onnx").read_bytes())
    for name, text in lists():
        put("labels", name, text.encode())
        put("labels", f"{name}-16", b"\xff\xfe" + text.encode("utf-16-le"))
    put("labels", "keras-file", archive({"config.json": "{}", "model.weights.h5": ""}))
    put("labels", "torch-file", archive({"net/data.pkl": "", "net/data/0": ""}))
    put("labels", "safetensors", struct.pack("<Q", 60) + b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}')
    put("labels", "tflite", b"\x1c\0\0\0TFL3")
    put("labels", "hdf5", b"\x89HDF\r\n\x1a\n")
    images = (FIXTURES / "mnist-test-64-images.idx").read_bytes()
    put("idx", "images", struct.pack(">IIII", 0x803, 2, 28, 28) + images[16 : 16 + 2 * 784])
    put("idx", "small", struct.pack(">IIII", 0x803, 3, 2, 2) + bytes(range(12)))
    put("idx", "labels", (FIXTURES / "mnist-test-64-labels.idx").read_bytes())
    export = {
        "hearth": 1,
        "name": "two",
        "classes": ["a", "b"],
        "input": {"channels": 1, "side": 28},
        "fit": "crop",
        "samples": [
            {"file": "images/a/1.png", "label": "a", "split": "train", "pinned": False, "origin": "file"},
            {"file": "images/b/2.png", "label": None, "split": "test", "pinned": True, "origin": "drawing"},
        ],
    }
    table = "file,label,split\nimages/a/1.png,a,train\nimages/b/2.png,b,test\n"
    put("dataset_json", "export", json.dumps(export).encode())
    put("dataset_json", "table", table.encode())
    picture = b"\x89PNG\r\n\x1a\n"
    put("zip", "export", archive({"dataset.json": json.dumps(export), "images/a/1.png": picture}))
    put("zip", "table", archive({"all/labels.csv": table, "all/images/a/1.png": picture}))
    put("zip", "folders", archive({"train/a/1.png": picture, "test/b/2.png": picture, "__MACOSX/x": ""}))


main()
