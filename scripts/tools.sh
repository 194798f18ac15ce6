#!/usr/bin/env bash
# wasm-pack and the wasm-bindgen commands, built from source once and kept in HEARTH_CACHE, then linked into cargo's own
# bin folder so that a plain `wasm-pack test --headless --chrome` typed at the root works too.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"

WASM_PACK=0.15.1
# wasm-bindgen refuses modules made with another version of its library: Cargo.lock decides.
WASM_BINDGEN="$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p;}' Cargo.lock)"
TOOLS="$HEARTH_CACHE/tools"
COMMANDS=(wasm-pack wasm-bindgen wasm-bindgen-test-runner)

has() { [ "$("$TOOLS/bin/$1" --version 2>/dev/null)" = "$1 $2" ]; }

# Compiled quickly rather than for speed: wasm-pack only starts other programs, wasm-bindgen runs for a second or two.
install() { # crate version opt-level [flags]
  local crate="$1" version="$2" optimisation="$3"
  shift 3
  say "building $crate $version (a minute or two, once)"
  CARGO_TARGET_DIR="$HEARTH_CACHE/tools-build" \
    CARGO_PROFILE_RELEASE_OPT_LEVEL="$optimisation" CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64 CARGO_PROFILE_RELEASE_DEBUG=false \
    cargo install -q --force --root "$TOOLS" --version "=$version" "$@" "$crate"
}

has wasm-pack "$WASM_PACK" || install wasm-pack "$WASM_PACK" 0 --locked
# Its published lock file does not resolve, so without --locked.
has wasm-bindgen "$WASM_BINDGEN" || install wasm-bindgen-cli "$WASM_BINDGEN" 1
rm -rf "$HEARTH_CACHE/tools-build"

# A command of the same name that someone else has put there is left alone.
cargo_bin="${CARGO_HOME:-$HOME/.cargo}/bin"
mkdir -p "$cargo_bin"
for command in "${COMMANDS[@]}"; do
  link="$cargo_bin/$command"
  if [ ! -e "$link" ] || [ -L "$link" ]; then
    [ "$(readlink "$link" 2>/dev/null)" = "$TOOLS/bin/$command" ] || ln -sfn "$TOOLS/bin/$command" "$link"
  elif [ "$("$link" --version 2>/dev/null)" != "$("$TOOLS/bin/$command" --version)" ]; then
    say "$link is another version than the one used here; make uses $TOOLS/bin/$command"
  fi
done

# A plain cargo or wasm-pack typed at the root then shares the compiled crates with make.
mkdir -p "$CARGO_TARGET_DIR"
if [ ! -e target ] && [ ! -L target ]; then
  ln -s "$CARGO_TARGET_DIR" target
elif [ -L target ] && [ "$(readlink target)" != "$CARGO_TARGET_DIR" ]; then
  ln -sfn "$CARGO_TARGET_DIR" target
elif [ ! -L target ]; then
  say "./target is a folder of its own: a plain cargo here does not share what make compiles (remove it to share)"
fi
