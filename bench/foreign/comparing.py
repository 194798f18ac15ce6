"""What Hearth answered to a folder of networks, beside what it should have answered."""

import sys

import numpy as np

NEAR = 1e-4
# Refusals that name what cannot be given. What the engine says in words of its own helps nobody.
BY_NAME = ("onnx-operator", "onnx-setting", "weights-not-finite")


def verdict(path):
    """right, refused (with the operator's name), or wrong, and why."""
    expected = np.fromfile(path.with_suffix(".expected"), np.float32)
    out, error = path.with_suffix(".out"), path.with_suffix(".error")
    if error.exists():
        code, _, sentence = error.read_text().partition("\n")
        return "refused" if code in BY_NAME else "wrong", f"{code}: {sentence}"
    if not out.exists():
        return "wrong", "was not run"
    answer = np.fromfile(out, np.float32)
    if answer.shape != expected.shape:
        return "wrong", f"{answer.size} numbers, not {expected.size}"
    own = path.with_suffix(".near")
    within = float(own.read_text()) if own.exists() else NEAR
    near = np.isclose(answer, expected, rtol=within, atol=within, equal_nan=True)
    if near.all():
        return "right", ""
    pairs = ", ".join(f"{a:.6g} for {b:.6g}" for a, b in zip(answer[~near][:3], expected[~near][:3]))
    return "wrong", f"{(~near).sum()} of {near.size} are others: {pairs}"


def compare(folder):
    told = {path.stem: verdict(path) for path in sorted(folder.glob("*.onnx"))}
    for name, (state, why) in told.items():
        if state != "right":
            print(f"{state:8} {name}: {why[:200]}")
    states = [state for state, _ in told.values()]
    counts = {state: states.count(state) for state in ("right", "refused", "wrong")}
    print(f"{counts['right']} of {len(states)} right, {counts['refused']} refused by name, {counts['wrong']} wrong")
    sys.exit(counts["wrong"] > 0)
