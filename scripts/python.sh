#!/usr/bin/env bash
# A Python with scikit-learn, which a test reads an exported dataset with: in HEARTH_CACHE/python, or Debian's.
set -euo pipefail
source "$(dirname "$0")/env.sh"

SKLEARN=scikit-learn==1.7.2
own="$HEARTH_CACHE/python"

reads() { "$1" -c 'import sklearn.datasets' 2>/dev/null; }

reads "$own/bin/python" && exit 0
rm -rf "$own"
if python3 -m venv "$own" 2>/dev/null &&
  "$own/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "$SKLEARN"; then
  reads "$own/bin/python" && exit 0
fi
rm -rf "$own"
# One test needs it: where it cannot be had, all others still run, and that one says that it was skipped.
if ! need_debian python3-sklearn; then
  say "no Python with scikit-learn: the test of the export by another reader will be skipped"
  exit 0
fi
mkdir -p "$own/bin"
# Another Python may come first in PATH.
ln -s /usr/bin/python3 "$own/bin/python"
if ! reads "$own/bin/python"; then rm -rf "$own"; fi
