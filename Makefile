# Setara Kerja. `make` alone lists what there is to run.
#
# Everything is installed into .venv from the lock files (hashes, no addresses), and only when one of
# them has changed: without a change nothing here needs the network.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
UV := uv==0.13.8
CLEAN_TOO := build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The first interpreter that is new enough; none: a sentence instead of a traceback.
FIND_PYTHON = for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	test -n "$$python" || { echo "Setara Kerja needs Python 3.11 or newer; none was found (make PYTHON=... names one)." >&2; exit 1; }; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || \
	{ echo "$$python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

# A half-made or outlived .venv (its interpreter gone) is made anew; a working one is kept.
MAKE_VENV = $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ $(FIND_PYTHON); echo "Making $(VENV) with $$("$$python" --version)"; "$$python" -m venv --clear $(VENV); }

.PHONY: help
help: ## What there is to run
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

.PHONY: start
start: $(VENV)/runtime.stamp ## Install, load the examples into an empty database, and serve on http://127.0.0.1:8080/
	@SETARA_QUIET_HOURS="$${SETARA_QUIET_HOURS:-off}" exec $(BIN)/setara run --examples

.PHONY: install
install: $(VENV)/runtime.stamp ## Install what the service needs, and nothing else

.PHONY: test
test: $(VENV)/dev.stamp ## The tests, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -m "not browser and not slow and not alone" -n auto --dist loadfile $(ARGS)
	$(BIN)/python -m pytest -m alone $(ARGS) || test $$? = 5 # none of what was asked for

.PHONY: test-browser
test-browser: $(VENV)/dev.stamp ## The web chat in headless Chromium (installs Debian's when missing)
	@command -v chromium >/dev/null || { \
		command -v apt-get >/dev/null || { echo "Install chromium first; it was not found." >&2; exit 1; }; \
		sudo=; test "$$(id -u)" = 0 || sudo=sudo; \
		$$sudo apt-get update -q && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; }
	$(BIN)/python -m pytest -m browser $(ARGS)

.PHONY: test-slow
test-slow: $(VENV)/dev.stamp ## The long proofs: crashes and redelivery with a real process
	$(BIN)/python -m pytest -m slow $(ARGS)

.PHONY: test-scale
test-scale: $(VENV)/dev.stamp ## What a turn costs with 1,000 and with 100,000 people, and what a person weighs
	$(BIN)/python -m pytest -m slow tests/bench/test_scale.py --people 100000 $(ARGS)

# `make -k check` goes on after the first that fails.
.PHONY: check
check: check-locks check-style check-types check-layers check-drift ## Style, types, layers, and what is generated

.PHONY: check-style
check-style: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: check-types
check-types: $(VENV)/dev.stamp
	$(BIN)/mypy

.PHONY: check-layers
check-layers: $(VENV)/dev.stamp
	$(BIN)/lint-imports

# Catalogues, migrations, diagrams and the settings' table against what they come from.
.PHONY: check-drift
check-drift: $(VENV)/dev.stamp
	$(BIN)/python -m tests.drift

.PHONY: check-locks
check-locks:
	@! grep -nE '://|^ *-(-index|-extra|-find|i |f )|@ ' requirements.lock requirements-dev.lock || \
		{ echo "A lock file names an address." >&2; exit 1; }

.PHONY: bench
bench: $(VENV)/dev.stamp ## How fast it is, and compared with what
	$(BIN)/python -m tests.bench $(ARGS)

.PHONY: lock
lock: $(VENV)/dev.stamp ## Bring the lock files up to date with pyproject.toml (ARGS=--upgrade for newer versions)
	$(BIN)/python -m venv --clear build/lock
	build/lock/bin/python -m pip --disable-pip-version-check -q install '$(UV)'
	build/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header $(ARGS) \
		pyproject.toml -o requirements.lock
	build/lock/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header $(ARGS) \
		-c requirements.lock --extra dev pyproject.toml -o requirements-dev.lock
	@$(MAKE) --no-print-directory check-locks

.PHONY: clean
clean: ## Remove what was installed and built; data/ stays
	rm -rf $(VENV) $(CLEAN_TOO)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# setuptools comes with the lock, so the project itself is installed without asking for a build tool.
$(VENV)/runtime.stamp: requirements.lock pyproject.toml
	@$(MAKE_VENV)
	$(PIP) install -q --require-hashes -r requirements.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock pyproject.toml
	@$(MAKE_VENV)
	$(PIP) install -q --require-hashes -r requirements-dev.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@
