#!/usr/bin/env bash
# The production page in www/dist.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/setup.sh page
source scripts/env.sh
scripts/wasm.sh
cd www
timed page npm run --silent build
