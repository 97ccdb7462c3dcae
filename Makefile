# `make` alone lists what there is. Works with GNU Make 3.81, on Linux and macOS.
.NOTPARALLEL:
.PHONY: help demo install test check test-llm words lock pictures bench

PYTHON_BIN := .venv/bin
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header pyproject.toml

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## a living demo company in the browser, nothing to configure
	@sh .ci/setup runtime
	@exec $(PYTHON_BIN)/paceline demo

install: ## set up .venv with the locked packages
	@sh .ci/setup runtime

test: ## every check, the browser tests too
	@sh .ci/setup dev
	@bash .ci/check all

check: ## every check but the browser tests
	@sh .ci/setup dev
	@bash .ci/check quick

test-llm: ## the language model's path against a small real model (downloads it once)
	@sh .ci/setup dev
	@bash .ci/test-llm

words: ## find the texts in the source and update the Chinese catalogue
	@sh .ci/setup dev
	@$(PYTHON_BIN)/python -m prompts.gather

lock: ## pin the newest allowed packages in requirements/ (needs uv)
	@$(COMPILE) --upgrade --group build --output-file requirements/runtime.txt
	@$(COMPILE) --upgrade --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt

pictures: ## take the pictures of the README again, with the browser tests
	@sh .ci/setup dev
	@bash .ci/check pictures

bench: ## measure what the README says about speed
	@sh .ci/setup dev
	@$(PYTHON_BIN)/python -m benchmarks
