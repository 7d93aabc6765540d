# Two commands for a fresh machine with Python 3.11+: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test install test-install clean

demo: install
	$(BIN)/joblint check --exit-zero examples/*.yaml
	$(BIN)/joblint jobs-explain examples/etl.yaml
	$(BIN)/joblint jobs-explain --brief examples/nightly.yaml
	$(BIN)/joblint diff --exit-zero examples/pi.yaml examples/changed/pi.yaml

test: test-install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

install: $(VENV)/.installed
test-install: $(VENV)/.test-installed

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("joblint needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip  # its launchers start faster than older ones

$(VENV)/.installed: pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.test-installed: pyproject.toml $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[cel]'  # no wheels for some systems; its tests skip then
	touch $@

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .nox joblint/_compiled
