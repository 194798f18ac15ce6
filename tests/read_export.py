"""Reads an exported dataset as scikit-learn does: prints what its `load_files` finds, and what labels.csv says, as JSON.

    python read_export.py DATASET.zip
"""

import csv
import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

from sklearn.datasets import load_files

with tempfile.TemporaryDirectory() as folder:
    with zipfile.ZipFile(sys.argv[1]) as archive:
        bad = archive.testzip()
        if bad is not None:
            sys.exit(f"{bad} is damaged")
        archive.extractall(folder)
    images = load_files(Path(folder) / "images", shuffle=False)
    root = Path(folder).resolve()
    found = {
        Path(name).resolve().relative_to(root).as_posix(): {
            "class": images.target_names[target],
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for name, target, data in zip(images.filenames, images.target, images.data)
    }
    with open(root / "labels.csv", newline="", encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
print(json.dumps({"classes": images.target_names, "files": found, "listed": listed}))
