# Everything a person or CI does here. `make help` lists it.
# Tools live in tools/dev; nothing but make, git and ca-certificates has to be there beforehand on Debian 12.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

JOBS   ?= $(shell nproc)
ROUNDS ?= 100
ARGS   ?=
DATA   ?= $(if $(DEMO),demo,data)
NODE   := tools/dev/with-node
# The server that the end-to-end tests, the journey and the crash test start.
export HONGYAN_BIN ?= $(CURDIR)/build/dev/hongyan

WEB_DIST    := web/apps/chat/dist/index.html web/apps/api-docs/dist/index.html web/packages/sdk/dist/hongyan-sdk.js
WEB_SOURCES := $(shell find web/apps web/packages package-lock.json \
                 \( -name node_modules -o -name dist -o -name test \) -prune -o -type f ! -name '*.test.ts' -print 2>/dev/null)

##@ Use it
.PHONY: run
run: web release  ## Build everything and start the server, data in ./data (DEMO=1: ./demo, full of people)
	@$(if $(DEMO),tools/dev/demo build/release/hongyan $(DATA))
	@exec build/release/hongyan serve --data $(DATA) $(ARGS)

##@ Build
.PHONY: deps server build release web web-dev gen
deps:  ## Install what building needs and this machine lacks
	@tools/dev/deps

web: deps $(WEB_DIST)  ## Build the web client, the page at /docs and the SDK
$(WEB_DIST) &: $(WEB_SOURCES)
	@tools/dev/npm-ci
	$(NODE) npm run build

web-dev: deps  # The web client with hot reload, in front of the running server at HONGYAN_URL (default http://127.0.0.1:8080)
	@tools/dev/npm-ci
	$(NODE) npm run dev

build: deps web  ## Build server and unit tests (preset dev)
	@tools/dev/deps test
	cmake --preset dev
	cmake --build --preset dev -j $(JOBS)

server: deps web  # Only the server of preset dev, for the tests that start it
	@tools/dev/deps test
	cmake --preset dev
	cmake --build --preset dev -j $(JOBS) --target hongyan

release: deps web  # The server that `make run` starts (preset release)
	cmake --preset release
	cmake --build --preset release -j $(JOBS)

gen: deps  ## Write the files that are generated from proto/, db/, the configuration and the SDK
	@tools/dev/npm-ci
	@for generator in tools/gen/*.py; do python3 $$generator || exit 1; done

##@ Test
.PHONY: test unit asan asan-build tsan fuzz unit-web web-report screens e2e journey crash bench bench-full bench-programs profile
test:  ## Run all tests: unit under sanitizers, web, end to end, browser journey, crashes, fuzzers
	@tools/dev/deps test
	@python3 tools/dev/stages.py test

unit: build  ## Unit tests of the server
	@tools/dev/unit build/dev

asan: asan-build  ## Unit tests of the server under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/dev/unit build/asan

asan-build: deps web
	@tools/dev/deps test
	cmake --preset asan
	cmake --build --preset asan -j $(JOBS)

# Third-party libraries are not instrumented; tools/dev/tsan.supp names what they make it misread.
tsan: deps web  ## Unit tests and a short end-to-end run of the server under ThreadSanitizer
	@tools/dev/deps test
	cmake --preset tsan
	cmake --build --preset tsan -j $(JOBS)
	@TSAN_OPTIONS="suppressions=$(CURDIR)/tools/dev/tsan.supp halt_on_error=1 second_deadlock_stack=1" tools/dev/unit build/tsan
	TSAN_OPTIONS="suppressions=$(CURDIR)/tools/dev/tsan.supp halt_on_error=1" HONGYAN_BIN=$(CURDIR)/build/tsan/hongyan \
	  $(NODE) npm run test:e2e -- chat idempotency drain hostile.socket

# SECONDS is a variable of the shell itself, so it counts only when it stands on the command line.
fuzz: deps  ## Fuzz every parser of outside bytes (SECONDS=600 each)
	@tools/dev/deps test
	cmake --preset fuzz
	cmake --build --preset fuzz -j $(JOBS)
	@tools/dev/fuzz build/asan $(if $(filter command%,$(origin SECONDS)),$(SECONDS),600)

unit-web: web  ## Unit tests of the web packages and of the tools, and what the built client weighs
	@tools/dev/npm-ci
	$(NODE) npm run test:unit
	python3 -m unittest discover -s tools/lint -p 'test_*.py'
	python3 -m unittest discover -s tools/dev -p 'test_*.py'
	python3 -m unittest discover -s bench -p 'test_*.py'
	python3 tools/dev/web_budgets.py

web-report:  # Which test shows each line of web/checklist.toml
	@python3 tools/dev/web_report.py

screens: server  # The pictures of docs/screens
	$(NODE) npm run screens --workspace @hongyan/journey

e2e: server  ## End-to-end tests through the SDK against the real server
	$(NODE) npm run test:e2e

journey: server  ## Browser journey against the real server
	$(NODE) npm run test:journey -- --project journeys
	$(NODE) npm run test:journey -- --project bars

crash: server  ## kill -9 in a stream of sends and check every ack (ROUNDS=100)
	ROUNDS=$(ROUNDS) $(NODE) npm run crash --workspace @hongyan/e2e

bench: bench-programs  ## Codecs and words, then the server beside a bare relay, some of everything (bench-full: all of it)
	@set -o pipefail; build/release/bench/codec/codec_bench --benchmark_repetitions=20 --benchmark_min_time=0.02 \
	  --benchmark_report_aggregates_only=true | grep -E 'CPU|_(min|median) '
	@build/release/bench/words/words_bench
	python3 bench/run.py --quick $(ARGS)

bench-full: bench-programs  # Half an hour; sizes are options of bench/run.py, given as ARGS
	python3 bench/run.py --full $(ARGS)

bench-programs: release
	@tools/dev/deps bench
	cmake --preset release -DHONGYAN_BENCH=ON
	cmake --build --preset release -j $(JOBS) --target codec_bench words_bench hongyan-bench hongyan-reference

profile: deps web  # Counts anew what the release is compiled by (cmake/hongyan.profdata); a quarter of an hour, before a release
	@tools/dev/deps bench
	cmake --preset profile
	cmake --build --preset profile -j $(JOBS)
	rm -rf build/profile/counts
	python3 bench/run.py --build build/profile --rounds 1 --only direct pipelined group connect history rest
	llvm-profdata-19 merge --sparse -o cmake/hongyan.profdata build/profile/counts/*.profraw

##@ Keep it tidy
.PHONY: lint fmt fresh clean help
lint: deps  ## All checks that need no running program (TIDY=narrow or 1: clang-tidy over every file)
	@tools/dev/npm-ci
	@python3 tools/lint/run.py

fmt: deps  ## Format C++, TypeScript and Vue files
	@tools/dev/npm-ci
	@git ls-files -z --cached --others --exclude-standard 'src/*.h' 'src/*.cc' 'bench/*.h' 'bench/*.cc' | xargs -0 -r -n 20 -P $(JOBS) clang-format-19 -i
	$(NODE) npm run fmt

fresh:  ## Run `make run` and `make test` in a bare Debian 12 (needs root; WHAT=run|test|both)
	@tools/dev/fresh $(or $(WHAT),both)

clean:  ## Remove everything that was built; ./data is kept
	rm -rf build web/apps/*/dist web/packages/*/dist node_modules

help:  ## List the targets
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
