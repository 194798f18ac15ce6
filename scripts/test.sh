#!/usr/bin/env bash
# Every test: native, in a headless browser, the page's types and build, end to end. One that fails does not hide the
# next; the last line counts them all.
set -euo pipefail
source "$(dirname "$0")/env.sh"
cd "$HEARTH_ROOT"
scripts/setup.sh
source scripts/env.sh

logs="$HEARTH_CACHE/logs"
rm -f "$logs/e2e.json"
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

# Playwright: its JSON report. Tests that pass only when tried again are named at the end, to be mended next; more than
# so many are failures.
FLAKY_AT_MOST=2
count_page() {
  local good bad left again
  read -r good bad left again < <(node -e '
    const { stats } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    console.log(stats.expected, stats.unexpected, stats.skipped, stats.flaky);' "$logs/e2e.json" 2>/dev/null || echo 0 0 0 0)
  [ "$again" -le "$FLAKY_AT_MOST" ] && good=$((good + again)) || bad=$((bad + again))
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
}

# "file › test", one a line.
passed_on_retry() {
  node -e '
    const walk = (suite, path) => {
      for (const spec of suite.specs ?? [])
        if (spec.tests.some(({ status }) => status === "flaky")) console.log([...path, spec.title].join(" › "));
      for (const inner of suite.suites ?? []) walk(inner, [...path, inner.title]);
    };
    for (const suite of JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).suites) walk(suite, [suite.title]);
  ' "$logs/e2e.json" 2>/dev/null || true
}

# Vitest: "Tests  12 passed (12)", "Tests  1 failed | 11 passed (12)".
count_unit() {
  local good bad
  read -r good bad < <(sed 's/\x1b\[[0-9;]*m//g' "$1" |
    awk '/^ *Tests / { for (i = 2; i <= NF; i++) { if ($i == "passed") p = $(i-1); if ($i == "failed") f = $(i-1) } } END { print p + 0, f + 0 }')
  passed=$((passed + good)) failed=$((failed + bad))
}

# A step without tests of its own counts only if it fails.
count_nothing() { :; }

in_unit_runner() { (cd www && npm run --silent unit); }

build_page() { scripts/wasm.sh && (cd www && npm run --silent build); }

end_to_end() {
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
suite unit count_unit in_unit_runner || true
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
while IFS= read -r name; do
  say "passed only when tried again: $name"
done < <(passed_on_retry)
[ "$skipped" -eq 0 ] || say "$skipped tests were skipped: this machine lacks what they need (a WebGPU adapter, a Python with scikit-learn)"
echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
[ $failed -eq 0 ]
