# Every command installs what it needs first. Where things are kept: scripts/env.sh.
PORT ?= 8080
export PORT SHIP ADAPTER

.PHONY: help setup wasm serve build test lint check-shared size models bench foreign fuzz clean

help: ## what there is to type
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 — \2/p' Makefile

setup: ## installs and downloads what is missing
	@scripts/setup.sh

wasm: ## builds the WebAssembly packages that the page uses
	@scripts/setup.sh page
	@scripts/wasm.sh

serve: ## builds the page and serves it on PORT (8080)
	@scripts/serve.sh

build: ## the production page in www/dist (SHIP=1: with link-time optimisation)
	@scripts/build.sh

test: ## every test: native, in a browser, types, end to end
	@scripts/test.sh

lint: ## formatting, clippy for both targets, types, Biome
	@scripts/lint.sh

check-shared: ## proves that the bundles compile their common crates once
	@scripts/check-shared.sh

size: ## bytes that each route downloads, against its budget
	@scripts/size.sh

models: ## trains every shipped model again from its recorded recipe
	@scripts/models.sh

bench: ## the side-by-side benchmarks (ADAPTER=real: on this machine's GPU); writes bench/results.json
	@scripts/bench.sh

foreign: ## files of every kind that people have, on the page and natively, beside onnxruntime
	@scripts/foreign.sh

fuzz: ## files from anyone, made up by the million (RUNS, TARGETS): a panic is a find
	@scripts/fuzz.sh

clean: ## removes what was built; downloads and tools stay
	@scripts/clean.sh
