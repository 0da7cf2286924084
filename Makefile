# Leaving care forms connector. `make help` lists what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.ready-dev
KEEP ?=
BENCH ?=
LIVES ?= 150
MINUTES ?= 2
CHAOS ?=
SOAK_MINUTES ?= 20

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(READY) ## Run the whole way once with made-up people; KEEP=1 leaves it running to look at
	@$(BIN)/connector demo $(if $(KEEP),--keep)

test: $(DEV) ## All checks and tests (what CI runs)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 3 --cov --cov-report=term

format: $(DEV) ## Put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV) ## Measure throughput, a new day, the import, PDFs, start-up and memory, each beside its floor
	$(BIN)/python -m tests.bench $(BENCH)

chaos: $(DEV) ## A hostile host and killed processes on both stores: what is lost, what doubled; MINUTES=30
	@$(BIN)/python -m tests.chaos --minutes $(MINUTES) $(CHAOS)

soak: $(DEV) ## Steady load: does memory or the number of open files grow? SOAK_MINUTES=60
	@$(BIN)/python -m tests.chaos.soak --minutes $(SOAK_MINUTES)

lives: $(DEV) ## Live many made-up lives, day by day (minutes); LIVES=500 for more
	LIVES=$(LIVES) $(BIN)/pytest -n 2 tests/lives/test_whole_lives.py

check: $(READY) ## Look over every profile and mapping in mappings/
	@$(BIN)/connector check

clean: ## Remove the virtual environment and what tools left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; try: make demo PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; \
	    rm -rf $(VENV); exit 1; }
	@echo "Installing the pinned packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV): $(READY)
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

.PHONY: help demo test format bench chaos soak lives check clean
