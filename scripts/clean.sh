#!/usr/bin/env bash
# Removes what was built. Downloads, tools and npm packages stay: setting up again stays quick.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
rm -rf "$CARGO_TARGET_DIR" "$HEARTH_CACHE/pkg" www/dist www/src/engine/pkg www/public/plain/pkg www/test-results www/playwright-report
mkdir -p "$CARGO_TARGET_DIR"
