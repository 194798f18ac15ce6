"""Traces pen strokes from MNIST's test images and writes strokes.json, the fixture of ../trajectories.spec.ts.

A test image becomes a one-pixel skeleton, the skeleton a graph, the graph continuous pen paths: at a junction the two
branches that continue each other most smoothly are one stroke. Every image that is drawn by lot is kept, legible or not.

Run from the root, after `make setup`:
    python3 -m venv "$VENV" && "$VENV/bin/pip" install scikit-image==0.26.0 pillow
    "$VENV/bin/python" www/e2e/trajectories/make.py www/public/data/mnist [contact-sheet.png]
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
from scipy import ndimage
from skimage.morphology import remove_small_objects, skeletonize

import skeleton_graph

PER_CLASS = 30
SEED = 20
ZOOM = 8  # the skeleton is taken at 8 pixels per MNIST pixel
INK = 0.4  # of full white: where a stroke's edge lies
SMALLEST_BLOB = 4.0  # MNIST pixels²; smaller specks are noise of the scan
SMOOTHING = 0.8  # standard deviation along the path, MNIST pixels
SPACING = 2.4  # between the points of a stroke, MNIST pixels


def read_idx(path, header):
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header)


def choose(labels):
    """PER_CLASS indices of each class, by lot with a fixed seed."""
    lot = np.random.default_rng(SEED)
    return [int(i) for digit in range(10) for i in sorted(lot.choice(np.flatnonzero(labels == digit), PER_CLASS, replace=False))]


def trace(image):
    """uint8 [28, 28] → strokes, each float [points, 2] as x, y in MNIST pixels."""
    ink = ndimage.zoom(image / 255.0, ZOOM, order=3, mode="grid-constant", grid_mode=True) > INK
    ink = remove_small_objects(ink, max_size=int(SMALLEST_BLOB * ZOOM**2))
    radius = ndimage.distance_transform_edt(ink)
    paths = skeleton_graph.pen_paths(skeletonize(ink), radius)
    strokes = [resample(path, closed) for path, closed in paths]
    return sorted(strokes, key=lambda stroke: stroke[0, 1] + 0.5 * stroke[0, 0])


def resample(path, closed):
    """A path of neighbouring skeleton pixels (row, column) → smooth points at an even spacing."""
    points = np.asarray(path, float)[:, ::-1] / ZOOM
    if len(points) < 3:
        return points[:1]
    smooth = ndimage.gaussian_filter1d(points, SMOOTHING * ZOOM, axis=0, mode="wrap" if closed else "nearest")
    if closed:
        smooth = np.vstack([smooth, smooth[:1]])
    else:
        smooth[0], smooth[-1] = points[0], points[-1]
        if ends_lower_or_right(smooth):
            smooth = smooth[::-1]
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(smooth, axis=0).T))])
    count = int(np.clip(np.ceil(along[-1] / SPACING) + 1, 3, 24))
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, smooth[:, axis]) for axis in (0, 1)], axis=1)


def ends_lower_or_right(stroke):
    """Whether the last point is nearer to where a hand begins (top, then left) than the first."""
    (x0, y0), (x1, y1) = stroke[0], stroke[-1]
    return y1 + 0.5 * x1 < y0 + 0.5 * x0


def to_unit(strokes):
    """Moves the ink's corner to 0, 0 and scales its longer side to 1, keeping the aspect."""
    everything = np.vstack(strokes)
    low = everything.min(axis=0)
    scale = max((everything.max(axis=0) - low).max(), 1e-6)
    return [np.round((stroke - low) / scale, 3) for stroke in strokes]


def contact_sheet(digits, file, cell=48):
    """All digits side by side, to look at."""
    from PIL import Image, ImageDraw

    sheet = Image.new("L", (PER_CLASS * cell, 10 * cell), 255)
    draw = ImageDraw.Draw(sheet)
    for at, digit in enumerate(digits):
        corner = np.array([at % PER_CLASS, at // PER_CLASS]) * cell + 6
        for stroke in digit["strokes"]:
            points = [tuple(corner + np.array(p) * (cell - 12)) for p in stroke]
            draw.line(points, fill=0, width=3, joint="curve")
    sheet.save(file)


def main(data, sheet=None):
    images = read_idx(Path(data) / "test-images.idx.gz", 16).reshape(-1, 28, 28)
    labels = read_idx(Path(data) / "test-labels.idx.gz", 8)
    digits = []
    for index in choose(labels):
        strokes = [[[float(x), float(y)] for x, y in stroke] for stroke in to_unit(trace(images[index]))]
        digits.append({"label": int(labels[index]), "index": index, "strokes": strokes})
    rows = ",\n".join(json.dumps(digit, separators=(",", ":")) for digit in digits)
    (Path(__file__).parent / "strokes.json").write_text(f"[\n{rows}\n]\n")
    if sheet:
        contact_sheet(digits, sheet)


if __name__ == "__main__":
    main(*sys.argv[1:])
