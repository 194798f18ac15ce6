# Sourced by the Makefile's recipes and by every script: where things are, and which compiler runs.
# Everything that is downloaded or built lives in HEARTH_CACHE, outside the checkout.
export HEARTH_CACHE="${HEARTH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hearth}"
export HEARTH_ROOT="${HEARTH_ROOT:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
export CARGO_TARGET_DIR="$HEARTH_CACHE/target"
export PATH="$HEARTH_CACHE/tools/bin:$PATH"
# Made by scripts/python.sh, for tests.
export HEARTH_PYTHON="$HEARTH_CACHE/python/bin/python"

# Written by scripts/toolchain.sh if rustup could not download the wasm target.
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && [ -f "$HEARTH_CACHE/toolchain" ]; then
  RUSTUP_TOOLCHAIN="$(cat "$HEARTH_CACHE/toolchain")"
  export RUSTUP_TOOLCHAIN
fi

say() { printf '\033[1m[hearth]\033[0m %s\n' "$*" >&2; }

# Runs a command and says how long it took, if that is worth saying.
timed() { # what command…
  local what="$1" start=$SECONDS status=0
  shift
  "$@" || status=$?
  if [ $status -ne 0 ]; then
    say "$what: failed after $((SECONDS - start)) s"
  elif [ $((SECONDS - start)) -ge 2 ]; then
    say "$what: $((SECONDS - start)) s"
  fi
  return $status
}

# Packages of Debian's that are missing, installed; a sentence if that is impossible.
need_debian() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing ${missing[*]} (Debian)"
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  # One at a time: apt itself does not wait.
  (
    flock 9
    "${root[@]}" apt-get update -q >/dev/null &&
      DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
  ) 9>"$HEARTH_CACHE/apt.lock" ||
    { say "could not install ${missing[*]}: install them by hand and run make again"; return 1; }
}
