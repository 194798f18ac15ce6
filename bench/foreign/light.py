"""Opens the networks that come with Python's `onnx` (well-known ones, their weights made on the spot) and compares their
scores for a few random pictures with onnxruntime's: `light.py HEARTH`. Fails if any answers otherwise."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from PIL import Image

HEARTH = sys.argv[1]
FOLDER = Path(onnx.__file__).parent / "backend/test/data/light"
COUNT = 3
NEAR = 1e-3

random = np.random.default_rng(5)
pixels = random.integers(0, 256, (COUNT, 224, 224, 3), np.uint8)
images = (pixels / np.float32(255)).astype(np.float32).transpose(0, 3, 1, 2)
given = json.dumps({"offset": 0, "scale": 1 / 255, "fit": {"stretch": {}}})


def expected(path):
    session = ort.InferenceSession(str(path))
    # Their files list the weights among the inputs.
    weights = {tensor.name for tensor in onnx.load(path).graph.initializer}
    [name] = [one.name for one in session.get_inputs() if one.name not in weights and len(one.shape) == 4 and one.shape[1] == 3]
    return np.stack([session.run(None, {name: image[None]})[0].reshape(-1) for image in images])


states = []
with tempfile.TemporaryDirectory() as folder:
    pictures = [f"{folder}/{place}.png" for place in range(COUNT)]
    for name, picture in zip(pictures, pixels):
        Image.fromarray(picture).save(name)
    for path in sorted(FOLDER.glob("light_*.onnx")):
        command = [HEARTH, "--json", "predict", path, *pictures, "--top", "100000", "--preprocessing", given]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            state, detail = "refused", (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        else:
            rows = [{p["index"]: p["p"] for p in json.loads(line)["predictions"]} for line in done.stdout.splitlines()]
            answered = np.array([[row[place] for place in sorted(row)] for row in rows])
            scores = expected(path).astype(np.float64)
            # Of one that ends in logits, Hearth tells probabilities.
            if abs(scores.sum(-1) - 1).max() > 1e-3:
                scores = np.exp(scores - scores.max(-1, keepdims=True))
                scores /= scores.sum(-1, keepdims=True)
            far = np.abs(answered - scores).max() if answered.shape == scores.shape else np.inf
            state, detail = "right" if far <= NEAR else "wrong", f"{far:.1e}"
        states.append(state)
        print(f"{state:8} {path.stem:28} {detail[:120]}", flush=True)
print({state: states.count(state) for state in sorted(set(states))}, "of", len(states))
sys.exit("wrong" in states)
