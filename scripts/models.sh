#!/usr/bin/env bash
# Trains every shipped model again from its published data, with the recorded recipe and seed.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/setup.sh page
source scripts/env.sh
cargo build --locked --features cli
mkdir -p www/public/models
timed digits.onnx "$CARGO_TARGET_DIR/debug/hearth" train --data mnist --preset digits --seed 1 --out www/public/models/digits.onnx
