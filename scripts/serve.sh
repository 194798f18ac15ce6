#!/usr/bin/env bash
# Builds the page and serves it on PORT until it is stopped.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/build.sh
say "ready after $SECONDS s: http://localhost:$PORT/ (Ctrl+C stops it)"
cd www
exec node_modules/.bin/vite preview --host --strictPort --port "$PORT"
