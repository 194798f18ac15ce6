#!/usr/bin/env bash
# Files of every kind that people have, made here, opened by the native command and by the page's package, and compared with
# onnxruntime. Needs the page's packages (`make wasm`); Python's packages go to HEARTH_CACHE/foreign.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"

own="$HEARTH_CACHE/foreign"
kinds="$own/kinds"
if ! "$own/python/bin/python" -c 'import onnx, onnxruntime, onnxconverter_common, skl2onnx, PIL' 2>/dev/null; then
  rm -rf "$own/python"
  python3 -m venv "$own/python"
  "$own/python/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    onnx==1.23.2 onnxruntime==1.32.0 onnxconverter-common==1.16.0 skl2onnx==1.20.0 scikit-learn==1.9.1 pillow==13.0.0
fi
python="$own/python/bin/python"
timed hearth cargo build --locked --features cli
hearth="$CARGO_TARGET_DIR/debug/hearth"

rm -rf "$kinds"
"$python" bench/foreign/kinds.py www/public/models/digits.onnx "$HEARTH_CACHE/data/mnist/test-images.idx.gz" "$kinds"
failed=0
timed native "$python" bench/foreign/table.py "$kinds" "$hearth" || failed=1
timed page node bench/foreign/table.mjs "$kinds" || failed=1
timed "networks that come with onnx" "$python" bench/foreign/light.py "$hearth" || failed=1
exit $failed
