"""Opens every file that kinds.py made with the native command and compares its answers with onnxruntime's:
`table.py FOLDER HEARTH`. Prints a line for each kind, writes native.json beside the files, and fails if anything is wrong.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

FOLDER, HEARTH = Path(sys.argv[1]), sys.argv[2]
NEAR = 1e-3

told = json.loads((FOLDER / "expected.json").read_text())
told_of = {}
with tempfile.TemporaryDirectory() as pictures:
    names = []
    for place, image in enumerate(told["images"]):
        # The pixels as they are: a drawing would be centred anew.
        path = Path(pictures) / f"{place:03}.png"
        Image.fromarray(np.array(image, np.uint8).reshape(28, 28)).save(path)
        names.append(str(path))

    for kind in told["kinds"]:
        given = kind.get("preprocessing", "digits")
        if isinstance(given, str):
            given = {
                "digits": {"offset": 0, "scale": 1 / 255},
                "bytes": {"offset": 0, "scale": 1},
                "signed": {"offset": 127.5, "scale": 1 / 127.5},
            }[given]
        given = {**given, "fit": {"stretch": {}}}
        command = [HEARTH, "--json", "predict", str(FOLDER / kind["file"]), *names, "--top", "1000", "--no-reject", "--preprocessing", json.dumps(given)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        except subprocess.TimeoutExpired:
            told_of[kind["kind"]] = ("wrong", "took more than two minutes")
            continue
        sentence = done.stderr.strip().splitlines()[-1:] or [""]
        if "panicked" in done.stderr or done.returncode < 0 or done.returncode > 100:
            told_of[kind["kind"]] = ("wrong", f"died: {done.stderr.strip()[:150]}")
        elif done.returncode:
            told_of[kind["kind"]] = ("refused" if "refused" in kind else "refused, though sound", sentence[0])
        elif "refused" in kind:
            told_of[kind["kind"]] = ("wrong", "was opened")
        else:
            rows = []
            for line in done.stdout.splitlines():
                row = {p["index"]: p["p"] for p in json.loads(line)["predictions"]}
                rows.append([row[i] for i in sorted(row)])
            expected = np.array(kind["expected"])
            answered = np.array(rows)
            if answered.shape != expected.shape:
                told_of[kind["kind"]] = ("wrong", f"{answered.shape} numbers, not {expected.shape}")
            else:
                far = np.abs(answered - expected).max()
                told_of[kind["kind"]] = ("right" if far <= NEAR else "wrong", f"{far:.1e}")

for kind, (state, detail) in told_of.items():
    print(f"{state:22} {kind:42} {detail[:150]}")
(FOLDER / "native.json").write_text(json.dumps(told_of, indent=1))
states = [state for state, _ in told_of.values()]
print({state: states.count(state) for state in sorted(set(states))}, "of", len(states))
sys.exit("wrong" in states)
