#!/usr/bin/env python3
"""How well a network for digits tells what is no digit: the area under the ROC curve of its `novelty`, MNIST's 10,000 test
images against 408 letters that are drawn with the strokes of Hershey's fonts, 100 scribbles and 100 images of Fashion-MNIST;
and how many of each are refused at the file's threshold. Nothing of this is used where the score is fitted
(`hearth calibrate`: training images of MNIST).

    apt-get download hershey-fonts-data && dpkg -x hershey-fonts-data_*.deb hershey
    pip install numpy pillow onnx onnxruntime
    bench/unknown.py www/public/models/digits.onnx --fonts hershey/usr/share/hershey-fonts --data www/public/data

Letters that look like digits are left out: B b D G g I i J j l O o Q q S s Z z.
"""

import argparse
import gzip
import json
import pathlib

import numpy as np
import onnx
import onnxruntime
from PIL import Image, ImageDraw

FONTS = ["rowmans", "futural", "scripts", "cursive"]
LETTERS = [c for c in map(chr, range(ord("A"), ord("z") + 1)) if c.isalpha() and c not in "BbDGgIiJjlOoQqSsZz"]
TILTS = 3
SCRIBBLES = 100
FASHION = 100


def strokes_of(path):
    """The glyphs of a .jhf file, each a list of strokes `[points, 2]`."""
    glyphs, lines = [], iter(path.read_text().splitlines())
    for line in lines:
        if not line.strip():
            continue
        pairs, text = int(line[5:8]), line[8:]
        while len(text) < 2 * pairs:
            text += next(lines)
        strokes = [[]]
        for at in range(2, 2 * pairs, 2):
            if text[at : at + 2] == " R":
                strokes.append([])
            else:
                strokes[-1].append((ord(text[at]) - ord("R"), ord(text[at + 1]) - ord("R")))
        glyphs.append([np.array(stroke, float) for stroke in strokes if stroke])
    return glyphs


def drawn(strokes, pen):
    """28 × 28: 20 pixels high or wide with the pen, the centre of mass in the middle, as MNIST has its digits."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    scale, fine = (20 - pen) / max(high - low), 8
    image = Image.new("L", (56 * fine, 56 * fine))
    draw = ImageDraw.Draw(image)
    radius = pen * fine / 2
    for stroke in strokes:
        path = [tuple(point) for point in ((stroke - (low + high) / 2) * scale + 28) * fine]
        if len(path) > 1:
            draw.line(path, fill=255, width=round(2 * radius), joint="curve")
        for x, y in path:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    grey = np.asarray(image.resize((56, 56), Image.Resampling.BOX), float)
    rows, columns = np.mgrid[:56, :56]
    left, top = (int(np.clip(round((grey * axis).sum() / grey.sum() - 13.5), 0, 28)) for axis in (columns, rows))
    return grey[top : top + 28, left : left + 28].astype(np.uint8)


def letters(fonts, random):
    for font in FONTS:
        glyphs = strokes_of(fonts / f"{font}.jhf")
        for letter in LETTERS:
            for _ in range(TILTS):
                angle = np.deg2rad(random.uniform(-8, 8))
                turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
                lean = np.array([[1, 0], [random.uniform(-0.2, 0.2), 1]]) @ np.diag([random.uniform(0.85, 1.15), 1])
                strokes = [stroke @ turn @ lean for stroke in glyphs[ord(letter) - 32]]
                yield drawn(strokes, random.uniform(2, 2.5))


def scribbles(random):
    smooth = np.ones(6) / 6
    for _ in range(SCRIBBLES):
        strokes = []
        for _ in range(random.integers(2, 4)):
            walk = np.cumsum(random.normal(0, 1, (60, 2)), 0)
            path = [np.convolve(axis, smooth, "valid") for axis in walk.T]
            strokes.append(np.stack(path, 1) + random.normal(0, 2, 2))
        yield drawn(strokes, random.uniform(2, 2.5))


def images(folder):
    file = next(path for name in ("test-images*", "t10k-images*") for path in sorted(folder.glob(name)))
    data = file.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    return np.frombuffer(data[16:], np.uint8).reshape(-1, 28, 28)


def area(known, unknown):
    """The chance that something unknown has the higher score; of equals a half."""
    known = np.sort(known)
    below = np.searchsorted(known, unknown, "left") + np.searchsorted(known, unknown, "right")
    return float(below.mean() / 2 / len(known))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("model", type=pathlib.Path)
    options.add_argument("--fonts", type=pathlib.Path, required=True)
    options.add_argument("--data", type=pathlib.Path, required=True, help="the folder with mnist and fashion-mnist")
    options.add_argument("--seed", type=int, default=3)
    options = options.parse_args()
    session = onnxruntime.InferenceSession(str(options.model), providers=["CPUExecutionProvider"])
    entries = {entry.key: entry.value for entry in onnx.load(options.model).metadata_props}
    threshold = json.loads(entries["hearth.reject"])["threshold"]

    def novelty(pictures):
        batches = np.array_split(np.asarray(pictures, np.float32)[:, None] / 255, max(1, len(pictures) // 500))
        name = session.get_inputs()[0].name
        return np.concatenate([session.run(["novelty"], {name: batch})[0][:, 0] for batch in batches])

    random = np.random.default_rng(options.seed)
    unknown = {
        "letters": np.array(list(letters(options.fonts, random))),
        "scribbles": np.array(list(scribbles(random))),
        "fashion": (fashion := images(options.data / "fashion-mnist"))[random.permutation(len(fashion))[:FASHION]],
    }
    known = novelty(images(options.data / "mnist"))
    scores = {name: novelty(pictures) for name, pictures in unknown.items()}
    scores["all"] = np.concatenate(list(scores.values()))
    print(f"{len(known)} digits: {(known <= threshold).mean():.4f} kept at the threshold {threshold:.3f}")
    for name, score in scores.items():
        print(f"{name:<10} {len(score):>4}  area {area(known, score):.4f}  refused {(score > threshold).mean():.3f}")


if __name__ == "__main__":
    main()
