"""Makes sklearn-digits.onnx: scikit-learn's logistic regression of MNIST's bytes by skl2onnx, as a course would export it:
`make.py MNIST_TRAIN_IMAGES_IDX_GZ MNIST_TRAIN_LABELS_IDX_GZ` (scikit-learn 1.9, skl2onnx 1.20).

It takes a flat vector of 784 values, 0 to 255, and outputs a label before the probabilities; nothing in it says so.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression

images, labels = (gzip.decompress(Path(path).read_bytes()) for path in sys.argv[1:3])
COUNT = 12_000
x = np.frombuffer(images[16:], np.uint8).reshape(-1, 784)[:COUNT].astype(np.float32)
y = np.frombuffer(labels[8:], np.uint8)[:COUNT].astype(np.int64)
# Weights as small as a regression of shares from 0 to 1 would have, per unit of 255.
learner = LogisticRegression(C=1e-6, max_iter=300).fit(x, y)
model = to_onnx(learner, x[:1], options={id(learner): {"zipmap": False}}, target_opset=17)
out = Path(__file__).parent / "sklearn-digits.onnx"
out.write_bytes(model.SerializeToString())
test = np.frombuffer(images[16:], np.uint8).reshape(-1, 784)[COUNT : COUNT + 2000].astype(np.float32)
right = np.frombuffer(labels[8:], np.uint8)[COUNT : COUNT + 2000]
print(out.stat().st_size, "bytes,", (learner.predict(test) == right).mean())
