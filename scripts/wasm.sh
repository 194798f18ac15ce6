#!/usr/bin/env bash
# Builds the WebAssembly packages into www/src/engine/pkg/{infer,train,webgpu}; the example in www/public/plain has the
# first two.
#   wasm.sh           the everyday profile, optimised but without link-time optimisation
#   SHIP=1 wasm.sh    the profile `ship`: smaller, and minutes slower to build
#   wasm.sh compile   only compiles, which needs none of the tools
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"

TARGET=wasm32-unknown-unknown
pkg=www/src/engine/pkg
plain=www/public/plain/pkg
if [ -n "${SHIP:-}" ]; then profile=ship how=(--profile ship); else profile=dev how=(--dev); fi

# Everything that decides what the packages contain.
inputs() {
  echo "$profile"
  rustc --version
  find src Cargo.toml Cargo.lock .cargo scripts/wasm.sh scripts/strip-names.mjs -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}

compile() { # bundle
  cargo build --locked --lib --profile "$profile" --target "$TARGET" --no-default-features --features "$1"
}

package() { # bundle
  local made="$HEARTH_CACHE/pkg/$1" to
  rm -rf "$made"
  # no-install: the tools are those of scripts/tools.sh, never downloaded.
  wasm-pack --quiet build --mode no-install "${how[@]}" --no-opt --no-pack --target web --out-dir "$made" --out-name "$1" . \
    -- --locked --no-default-features --features "$1" || return
  node scripts/strip-names.mjs "$made/$1_bg.wasm"
  rm -f "$made/.gitignore"
  put "$made" "$pkg/$1"
  [ "$1" = webgpu ] || put "$made" "$plain/$1"
}

put() { # from to
  rm -rf "$2"
  mkdir -p "$2"
  cp "$1"/* "$2/"
}

stamp="$(inputs | sha256sum | cut -d' ' -f1)"
if [ "$(cat "$pkg/.made-from" 2>/dev/null)" = "$stamp" ] && [ "$(cat "$plain/.made-from" 2>/dev/null)" = "$stamp" ]; then
  exit 0
fi
if [ "${1:-}" = compile ]; then
  # The one that is packed first comes last: each takes the other's place in cargo's target folder.
  compile webgpu
  compile train
  compile infer
  exit 0
fi
for bundle in infer train webgpu; do timed "wasm $bundle" package "$bundle"; done
echo "$stamp" | tee "$pkg/.made-from" >"$plain/.made-from"
