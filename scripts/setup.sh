#!/usr/bin/env bash
# Installs and downloads what is missing, and nothing else. `setup.sh page` leaves out what only the tests need.
# What does not depend on each other runs at the same time; the first time, the crate compiles meanwhile.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"

logs="$HEARTH_CACHE/logs"
mkdir -p "$logs"

command -v cargo >/dev/null || { say "Rust is missing: install it from https://rustup.rs and run make again"; exit 1; }
command -v npm >/dev/null || { say "Node.js 20.19 or newer is missing: install it and run make again"; exit 1; }
need_debian gcc libc6-dev pkg-config
timed compiler scripts/toolchain.sh
# scripts/toolchain.sh may have chosen another compiler.
source scripts/env.sh

packages_of_page() {
  local wanted
  wanted="$(sha256sum www/package-lock.json | cut -d' ' -f1)"
  [ "$(cat www/node_modules/.hearth 2>/dev/null)" = "$wanted" ] && return 0
  # Browsers come from Debian.
  (cd www && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund)
  echo "$wanted" >www/node_modules/.hearth
}

names=() ids=()
start() { # name command…
  local name="$1"
  shift
  timed "$name" "$@" 3>&2 >"$logs/$name.log" 2> >(tee -a "$logs/$name.log" | grep --line-buffered -F '[hearth]' >&3) &
  names+=("$name") ids+=($!)
}

start tools scripts/tools.sh
start data scripts/data.sh
start npm packages_of_page
if [ "${1:-all}" != page ]; then
  start browser need_debian chromium chromium-driver
  start python scripts/python.sh
fi
# While the tools are being built; afterwards scripts/wasm.sh does it all.
[ -x "$HEARTH_CACHE/tools/bin/wasm-bindgen" ] || start crate scripts/wasm.sh compile

failed=0
for i in "${!ids[@]}"; do
  wait "${ids[$i]}" || { failed=1; tail -n 30 "$logs/${names[$i]}.log" >&2; }
done
exit $failed
