# Needs Python 3.11+ and make. Everything else goes into .venv, at the versions in requirements/.
.DEFAULT_GOAL := help
.PHONY: help demo run test lint bench sweep lock

# More words for the command: make test ARGS="tests/unit -x"
ARGS ?=
# How many tests run at a time.
JOBS ?= 3

BIN := .venv/bin
UV := $(BIN)/uv pip
RUN := .venv/.installed-run
TEST := .venv/.installed-test

help: ## explain the targets (this)
	@printf 'make TARGET [ARGS="…"] [PYTHON=python3.11]\n\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name words; do printf '  %-6s %s\n' "$$name" "$$words"; done

demo: $(RUN) ## everything on this machine with no account: prints an address to open
	@$(BIN)/python bot.py demo $(ARGS)

run: $(RUN) ## serve for real, settings from LIAISON_… variables
	@$(BIN)/python bot.py serve $(ARGS)

# What was compiled is kept wherever that is switched off: else every process that tests start compiles the product again.
test sweep: export PYTHONDONTWRITEBYTECODE :=

test: $(TEST) ## all tests, on SQLite and PostgreSQL, in a browser, through faults
	@scripts/prepare-tests
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup $(ARGS)

lint: $(TEST) ## style, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict -n 2 -p bot -p notifications -p directory
	@$(BIN)/lint-imports

bench: $(TEST) ## measure: bursts, latency, pacing, search (minutes)
	@$(BIN)/python -m benchmarks $(ARGS)

sweep: $(TEST) ## kill the product at every line it passes, not at a sample (an hour)
	@scripts/prepare-tests
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadgroup --sweep tests/faults $(ARGS)

# What is tested is what runs: run.txt takes the versions that test.txt settled on.
lock: $(RUN) ## renew requirements/*.txt from the ranges in pyproject.toml
	@$(UV) compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header --group test pyproject.toml -o requirements/test.txt
	@$(UV) compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-header -c requirements/test.txt pyproject.toml -o requirements/run.txt

$(RUN): requirements/run.txt requirements/uv.txt scripts/prepare-venv
	@scripts/prepare-venv
	@$(UV) install -q --python $(BIN)/python --require-hashes -r requirements/run.txt
	@touch $@

$(TEST): requirements/test.txt requirements/uv.txt scripts/prepare-venv
	@scripts/prepare-venv
	@$(UV) install -q --python $(BIN)/python --require-hashes -r requirements/test.txt
	@touch $@
