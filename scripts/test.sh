#!/usr/bin/env bash
# Every test: native, in a headless browser, the page's types and build, end to end. One that fails does not hide the
# next; the last line counts them all.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/setup.sh
source scripts/env.sh

logs="$HEARTH_CACHE/logs"
passed=0 failed=0 skipped=0 bad=()

# Runs a suite, shows its output and keeps it in logs/<name>.log; `count` then adds what its runner said to the sums.
suite() { # name count-function command…
  local name="$1" count="$2" status=0 before=$failed
  shift 2
  timed "$name" "$@" 2>&1 | tee "$logs/$name.log" || status=$?
  "$count" "$logs/$name.log"
  [ $status -eq 0 ] || bad+=("$name")
  # A suite that ends badly without naming a failed test (it did not compile, the browser did not start) is one failure.
  if [ $status -ne 0 ] && [ $failed -eq $before ]; then failed=$((failed + 1)); fi
  return $status
}

# cargo's and wasm-bindgen's runners: "test result: ok. 12 passed; 0 failed; …", once for each test binary.
count_rust() {
  local good bad
  read -r good bad < <(sed 's/\x1b\[[0-9;]*m//g' "$1" |
    awk '/^test result:/ { for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i-1); if ($i ~ /^failed/) f += $(i-1) } } END { print p + 0, f + 0 }')
  passed=$((passed + good)) failed=$((failed + bad))
}

# Playwright: its JSON report. A test that passed only when tried again is counted as failed.
count_page() {
  local good bad left
  read -r good bad left < <(node -e '
    const { stats } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    console.log(stats.expected, stats.unexpected + stats.flaky, stats.skipped);' "$logs/e2e.json" 2>/dev/null || echo 0 0 0)
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
}

# A step without tests of its own counts only where it fails.
count_nothing() { :; }

build_page() { scripts/wasm.sh && (cd www && npm run --silent build); }

end_to_end() {
  rm -f "$logs/e2e.json"
  (cd www && PLAYWRIGHT_JSON_OUTPUT_NAME="$logs/e2e.json" node_modules/.bin/playwright test --reporter=list,json)
}

# A browser that did not come up says nothing about the tests: once more, said aloud.
in_browser() { # cargo's arguments…
  local out="$logs/in-browser.log" status=0
  wasm-pack test --headless --chrome --chromedriver "$(command -v chromedriver)" . --locked "$@" 2>&1 | tee "$out" ||
    status=$?
  if [ $status -ne 0 ] && ! grep -q '^test result' "$out"; then
    say "the browser gave no result (exit code $status): once more"
    status=0
    wasm-pack test --headless --chrome --chromedriver "$(command -v chromedriver)" . --locked "$@" || status=$?
  fi
  return $status
}

# Burn on WebGPU against the CPU, on Chromium's software adapter. A test that finds no adapter says so and passes: it is
# counted as skipped.
on_gpu() { in_browser --no-default-features --features webgpu --test webgpu -- --nocapture; }
count_gpu() {
  count_rust "$1"
  local left
  left=$(grep -c 'SKIPPED' "$1" || true)
  passed=$((passed - left)) skipped=$((skipped + left))
}

suite native count_rust cargo test --locked --no-fail-fast --features cli || true
suite browser count_rust in_browser || true
suite webgpu count_gpu on_gpu || true
if suite page count_nothing build_page; then
  suite e2e count_page end_to_end || true
else
  say "e2e: not run, because the page could not be built"
fi

# Last, so that it is seen: how the suites ended that did not end well.
for name in "${bad[@]}"; do
  say "$name ended badly; the end of its output:"
  tail -n 25 "$logs/$name.log" >&2
done
[ "$skipped" -eq 0 ] || say "$skipped tests were skipped: this browser has no WebGPU adapter"
echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ $failed -eq 0 ]
