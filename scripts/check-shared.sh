#!/usr/bin/env bash
# Proves that the bundles compile every crate they share with the same features, and so once. Prints what differs: add
# its union to the pins in Cargo.toml. Left out are Burn's own crates, to which WebGPU is a feature, and a few that take
# a second to compile.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"

# Build scripts and procedural macros are left out if the target's own copy of a crate differs from the host's.
features() {
  cargo tree --locked --target wasm32-unknown-unknown -e normal --prefix none -f '{p} [{f}]' \
    --no-default-features --features "$1" | sed 's/ (\*)$//' | grep -v '^hearth ' | sort -u
}
union="$(features infer,train,webgpu)"
own='^(burn|burn-[a-z]+|web-sys|either|itertools|num-integer) v'
different=0
for bundle in infer train webgpu; do
  only="$(comm -23 <(features "$bundle") <(echo "$union") | grep -Ev "$own" || true)"
  if [ -n "$only" ]; then
    different=1
    printf 'built again for the bundle %s, with other features:\n%s\n' "$bundle" "$only"
  fi
done

# The same for `cargo build` and `cargo test` of the native command: what only tests need may not change the rest.
native() {
  cargo tree --locked -e "$1" --prefix none -f '{p} [{f}]' --features cli | sed 's/ (\*)$//' | sort -u
}
only="$(comm -23 <(native normal,build) <(native normal,build,dev))"
if [ -n "$only" ]; then
  different=1
  printf 'built again for the tests, with other features:\n%s\n' "$only"
fi
[ $different -eq 0 ] && echo "infer, train and webgpu, build and test share every crate they have in common"
exit $different
