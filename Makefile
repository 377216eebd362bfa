# One name for each task. The work is done by scripts/ and CMake presets; this file only names it.

.DEFAULT_GOAL := help
.PHONY: help deps build demo test test-clis test-clients package test-packages sanitize format lint fuzz bench hostile proof clean

SECONDS ?= 300

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps:  ## install what the build needs (Debian 12; root or sudo)
	@scripts/install-deps build

build: deps  ## the release binary: build/release/deputy
	@scripts/build release

demo:  ## install, build, start a server, and run the cross-account guide against it
	@scripts/demo

test:  ## install, build, and run every test
	@scripts/test

test-clis:  ## README and guides with three AWS CLIs: of version 1, of version 2, and Debian's old one
	@scripts/aws-clis
	@CLIS=all .tools/bin/python -m pytest tests/e2e/test_readme.py tests/e2e/test_guides.py -q -rs -p no:cacheprovider

test-clients: build  ## six AWS SDKs, and the AWS provider in Terraform and OpenTofu, where each is on the machine (5 to 30 minutes)
	@scripts/install-deps test
	@.tools/bin/python -m pytest tests/clients -q -rs -p no:cacheprovider

package:  ## what people install, into dist/: a static binary, packages, an image, a wheel
	@scripts/package

test-packages:  ## the packages, tried in bare Debian 11, 12 and 13 (root, debootstrap; some 10 minutes)
	@scripts/test-packages

sanitize:  ## every test under the address, undefined-behaviour and thread sanitizers
	@scripts/sanitize

format:  ## rewrite the sources with clang-format
	@scripts/format

lint:  ## clang-tidy on the files that differ from main (ALL=1: on all)
	@scripts/lint

fuzz:  ## each fuzz target for SECONDS (300)
	@scripts/fuzz $(SECONDS)

bench: deps  ## benchmarks: the engine's, and the server's under load
	@scripts/bench

hostile: build  ## what hostile callers cost (OLD=binary: beside an older one; ONLY=attack; QUICK=1)
	@bench/hostile $(if $(QUICK),--quick) $(if $(ONLY),--only $(ONLY)) $(OLD) build/release/deputy

proof: deps  ## the policy engine against its reference, at length
	@scripts/proof

clean:  ## remove build/ and dist/ (and with ALL=1 also .tools/)
	@rm -rf build dist $(if $(ALL),.tools tests/e2e/js/node_modules)
