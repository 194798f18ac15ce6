#!/usr/bin/env bash
# Formatting, clippy (warnings are errors) for both targets, the shared build, types and Biome. Reports all, then fails.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/setup.sh page
source scripts/env.sh
# The page's types include those that wasm-bindgen writes.
scripts/wasm.sh

failed=()
check() { # what command…
  timed "$@" || failed+=("$1")
}
page() { (cd www && npm run --silent lint); }
# The example is plain JavaScript: its JSDoc types are checked against those of the packages beside it.
plain() {
  www/node_modules/.bin/tsc --ignoreConfig --noEmit --allowJs --checkJs --strict --skipLibCheck --target es2023 \
    --module esnext --moduleResolution bundler --lib ES2023,DOM,DOM.Iterable www/public/plain/plain.js
}

check rustfmt cargo fmt --check
check "shared build" scripts/check-shared.sh
check "clippy, native" cargo clippy --locked --quiet --all-targets --features cli -- -D warnings
check "clippy, wasm32" cargo clippy --locked --quiet --all-targets --target wasm32-unknown-unknown -- -D warnings
check "clippy, webgpu" cargo clippy --locked --quiet --all-targets --target wasm32-unknown-unknown \
  --no-default-features --features webgpu -- -D warnings
check page page
check "plain page" plain

[ ${#failed[@]} -eq 0 ] || { say "lint failed: $(IFS=,; echo "${failed[*]}")"; exit 1; }
say "lint: clean"
