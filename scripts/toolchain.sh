#!/usr/bin/env bash
# A Rust compiler (1.95 or newer) with the target wasm32-unknown-unknown, rustfmt and clippy.
# First rustup, which is all that most machines need. If it cannot download the target: Debian's compiler
# (rustc-web, 1.96), its standard library built once for wasm32 and put where an installed target's library lies.
# HEARTH_TOOLCHAIN=debian takes the second path at once (to try it, or if rustup's downloads are known to fail).
set -euo pipefail
source "$(dirname "$0")/env.sh"

TARGET=wasm32-unknown-unknown
DEBIAN_TOOLCHAIN=hearth-debian

new_enough() { # rustc's version >= 1.95
  local minor
  minor="$(rustc --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\)\..*/\1/p')"
  [ -n "$minor" ] && [ "$minor" -ge 95 ]
}
has_target() { ls "$(rustc --print sysroot)/lib/rustlib/$TARGET/lib/"libstd-*.rlib >/dev/null 2>&1; }
ready() { new_enough && has_target && cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1; }

# A choice for this checkout alone, so that a plain `cargo` or `wasm-pack` typed here uses the same compiler.
select_toolchain() {
  [ -f "$HEARTH_CACHE/toolchain" ] || return 0
  command -v rustup >/dev/null || return 0
  [ "$(cd "$HEARTH_ROOT" && RUSTUP_TOOLCHAIN='' rustup show active-toolchain 2>/dev/null | cut -d' ' -f1)" = "$RUSTUP_TOOLCHAIN" ] ||
    (cd "$HEARTH_ROOT" && rustup override set "$RUSTUP_TOOLCHAIN" >/dev/null 2>&1)
}

mkdir -p "$HEARTH_CACHE"
wanted="${HEARTH_TOOLCHAIN:-}"
if [ "$wanted" != debian ] || [ "${RUSTUP_TOOLCHAIN:-}" = "$DEBIAN_TOOLCHAIN" ]; then
  if ready; then select_toolchain; exit 0; fi
fi

if [ "$wanted" != debian ] && command -v rustup >/dev/null && new_enough; then
  say "asking rustup for $TARGET"
  if timeout 120 rustup target add "$TARGET" >"$HEARTH_CACHE/rustup.log" 2>&1; then
    rustup component add rustfmt clippy >>"$HEARTH_CACHE/rustup.log" 2>&1 || true
    if ready; then say "rustup has installed $TARGET"; exit 0; fi
  fi
  say "rustup could not download it: using Debian's compiler instead"
fi

need_debian rustc-web cargo-web rust-web-src rust-web-llvm lld-22 rust-web-clippy rustfmt-web
prefix="$(/usr/bin/rustc --print sysroot)"
export RUSTC_BOOTSTRAP=1
lib="$prefix/lib/rustlib/$TARGET/lib"
if ! ls "$lib"/libstd-*.rlib >/dev/null 2>&1; then
  say "building the standard library for $TARGET (once, about half a minute)"
  work="$HEARTH_CACHE/std"
  rm -rf "$work" && mkdir -p "$work/src"
  printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$work/Cargo.toml"
  : >"$work/src/lib.rs"
  (cd "$work" && PATH="/usr/bin:$PATH" RUSTC=/usr/bin/rustc CARGO_TARGET_DIR="$work/target" RUSTFLAGS='-Cembed-bitcode=yes' \
    /usr/bin/cargo build -q --release -Zbuild-std=std,panic_abort,test --target "$TARGET")
  write=(); [ -w "$prefix/lib/rustlib" ] || write=(sudo)
  "${write[@]}" mkdir -p "$lib"
  "${write[@]}" cp "$work/target/$TARGET/release/deps/"*.rlib "$lib/"
  "${write[@]}" rm -f "$lib"/libstd_for_wasm-*.rlib
  rm -rf "$work"
fi
unset RUSTC_BOOTSTRAP

if command -v rustup >/dev/null; then
  rustup toolchain link "$DEBIAN_TOOLCHAIN" "$prefix"
  echo "$DEBIAN_TOOLCHAIN" >"$HEARTH_CACHE/toolchain"
  export RUSTUP_TOOLCHAIN="$DEBIAN_TOOLCHAIN"
  select_toolchain
fi
ready || { say "no compiler with $TARGET could be set up; see $HEARTH_CACHE/rustup.log"; exit 1; }
say "compiler: $(rustc --version)"
