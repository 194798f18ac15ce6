#!/usr/bin/env bash
# Files from anyone, made up by the million (libFuzzer): models, labels, IDX, archives, datasets' lists.
#   RUNS=1000000       how often each is tried
#   TARGETS="onnx …"   which of them
# What ends a run is kept in fuzz/artifacts; logs are in HEARTH_CACHE/fuzz. Needs `cargo install cargo-fuzz`, and a Python
# with numpy and onnx for the seeds (PYTHON).
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"

RUNS="${RUNS:-1000000}"
TARGETS="${TARGETS:-labels idx onnx dataset_json zip}"
export RUSTC_BOOTSTRAP=1
logs="$HEARTH_CACHE/fuzz"
mkdir -p "$logs"
[ -d fuzz/corpus ] || "${PYTHON:-python3}" fuzz/seeds.py

for target in $TARGETS; do
  features=()
  longest=4096
  case "$target" in
    dataset_json | zip) features=(--features lists) ;;
    onnx) longest=2048 ;;
  esac
  say "$target: $logs/$target.log"
  # Safe code: what a sanitizer would find, a panic tells.
  timed "$target" cargo fuzz run --sanitizer none --target-dir "$logs/target" "${features[@]}" "$target" -- \
    -runs="$RUNS" -max_len="$longest" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 >"$logs/$target.log" 2>&1
  grep -E '^#[0-9]+.*(DONE|INITED)|stat::number_of_executed_units' "$logs/$target.log" >&2
done
