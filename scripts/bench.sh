#!/usr/bin/env bash
# Hearth beside other software, on this machine, in one browser: prints tables and writes bench/results.json.
#   ADAPTER=real   trains on this machine's GPU; otherwise WebGPU runs on the CPU (SwiftShader)
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/setup.sh
source scripts/env.sh
scripts/wasm.sh
(cd www && npm run --silent build)
timed page node bench/page.mjs
timed library node bench/library.mjs
timed photos node bench/photos.mjs
timed training node bench/training.mjs --adapter "${ADAPTER:-swiftshader}"
