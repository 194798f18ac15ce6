#!/usr/bin/env bash
# Raw and Brotli bytes of everything that each route downloads, against scripts/size-budget.json.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
need_debian chromium
scripts/build.sh
node scripts/size.mjs
