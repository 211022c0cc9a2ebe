# Two commands are enough: `make demo` and `make test`. `make help` lists the others.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(STAMP) ## Make the virtual environment and install the program in it

$(STAMP): pyproject.toml constraints.txt
	@echo "== Making $(VENV) and installing the program with its pinned dependencies"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chorus-edi needs Python 3.11 or later: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

.PHONY: demo
demo: $(STAMP) ## Process a small made-up night of flows in demo/ and show what became of it
	@echo "== Processing a made-up night of flows"
	$(BIN)/chorus-edi demo

.PHONY: demo-sftp
demo-sftp: $(STAMP) ## Process the same night by way of a real OpenSSH server, in demo-sftp/
	@echo "== Processing a made-up night of flows by SFTP"
	$(BIN)/chorus-edi demo --sftp demo-sftp

.PHONY: test
test: $(STAMP) ## Run every test but the heaviest variants, with coverage
	@echo "== Running every test"
	$(BIN)/coverage erase
	$(BIN)/pytest -n 2 -m "not heavy" --cov --cov-report=term

.PHONY: heavy
heavy: $(STAMP) ## Run the heaviest variants of tests, which `make test` leaves out
	$(BIN)/pytest -m heavy

.PHONY: check
check: format-check lint types contracts unit ## Everything a commit must pass, in about a minute

.PHONY: format
format: $(STAMP) ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --select I --fix

.PHONY: format-check
format-check: $(STAMP) ## Check the format
	$(BIN)/ruff format --check

.PHONY: lint
lint: $(STAMP) ## Check the style
	$(BIN)/ruff check

.PHONY: types
types: $(STAMP) ## Check the types
	$(BIN)/mypy

.PHONY: contracts
contracts: $(STAMP) ## Check who may import whom
	$(BIN)/lint-imports

.PHONY: unit
unit: $(STAMP) ## Run the unit and architecture tests
	$(BIN)/pytest -q tests/unit tests/architecture

.PHONY: conformance
conformance: $(STAMP) ## Compare our verdicts with the official sheets on 50,000 mutants per syntax
	$(BIN)/python -m tests.conformance.compare --syntax ubl --count 50000 --processes 2 --prove --fired
	$(BIN)/python -m tests.conformance.compare --syntax cii --count 50000 --processes 2 --prove --fired
	$(BIN)/python -m tests.conformance.compare --syntax ubl-fr --count 50000 --processes 2 --prove --fired
	$(BIN)/python -m tests.conformance.compare --syntax cii-fr --count 50000 --processes 2 --prove --fired
	$(BIN)/python -m tests.conformance.compare --syntax ubl-ext --count 50000 --processes 2 --prove --fired
	$(BIN)/python -m tests.conformance.compare --syntax cii-ext --count 50000 --processes 2 --prove --fired

.PHONY: crash
crash: $(STAMP) ## Kill nights at every point, in every gap and at random, and compare what they leave
	$(BIN)/python -m tests.crash.kills --each 10 --kills 200 --invoices 2000

.PHONY: bench
bench: $(STAMP) ## Measure examination, an inbox, a directory, then whole runs
	@echo "== Measuring; the numbers mean something on a machine that does nothing else"
	$(BIN)/python -m bench.examine
	$(BIN)/python -m bench.verdicts
	$(BIN)/python -m bench.scan
	$(BIN)/python -m bench.annuaire
	$(BIN)/python -m bench.run_once

.PHONY: wheel
wheel: $(STAMP) ## Build an installable wheel in dist/, with all its data files
	@echo "== Building a wheel in dist/"
	rm -rf build
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	rm -rf build

.PHONY: docs
docs: $(STAMP) ## Write docs/generated again from the tables of the code
	REGENERATE=1 $(BIN)/pytest -q tests/architecture/test_generated_docs.py

.PHONY: hooks
hooks: $(STAMP) ## Run the checks at every commit
	$(BIN)/pre-commit install

.PHONY: pins
pins: $(STAMP) ## Write constraints.txt again from what is installed
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

.PHONY: clean
clean: ## Remove the virtual environment, caches and the demonstration
	rm -rf $(VENV) demo demo-sftp .coverage .coverage.* .hypothesis .import_linter_cache \
	  .mypy_cache .pytest_cache .ruff_cache
