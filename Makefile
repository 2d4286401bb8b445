# The two commands: `make` sets up and builds everything; `make test` sets up and tests everything.
# PYTHON is the interpreter that .venv is made with; after changing it, `make clean` first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/lock.txt
READY := $(VENV)/.ready
NODE := plexus_rules/lab/packages/node/requirements
LOCKED := --universal --python-version 3.11 --upgrade --generate-hashes --no-emit-index-url \
	--no-emit-find-links --quiet --custom-compile-command 'make lock'

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := build
.PHONY: build clean format help lock serve setup test

build: setup ## Regenerate the guides and pages, run every example, build the site
	@$(BIN)/plexus-rules build

test: setup ## Lint, check the types and the layers, check what is generated, run the tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/plexus-rules generate --check
	$(BIN)/pytest -n auto

serve: setup ## Serve the site on this machine, and rebuild it when a file changes
	$(BIN)/mkdocs serve --livereload --dirty --no-strict

format: setup ## Put the code in its one format, and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: setup ## Pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet 'uv>=0.13,<1'
	$(BIN)/uv pip compile pyproject.toml --all-extras --output-file $(LOCK) $(LOCKED)
	$(BIN)/uv pip compile $(NODE).in --no-annotate --output-file $(NODE).txt $(LOCKED)

setup: $(READY) ## Make .venv, with what is pinned and the package itself

$(READY): pyproject.toml $(LOCK) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "plexus_rules needs Python 3.11 or newer, and '$(PYTHON)' is not one." >&2; \
		echo "Name one that is: make PYTHON=python3.12" >&2; \
		exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

clean: ## Remove .venv, the built site and every cache
	rm -rf $(VENV) build dist site .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find plexus_rules tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
