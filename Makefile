# Two commands for a fresh machine with Python 3.11+: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

TIME ?= 60
SEED ?= 1
SHARE ?= 1/1

.PHONY: demo test suite fuzz test-wheel install test-install clean

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

# `make suite SHARE=2/4` runs the second of four shares of the tests.
suite: test-install
	$(BIN)/pytest --share $(SHARE)

# Fuzzing, TIME seconds a target: guided by coverage where atheris can be installed, else seeded. Faults go to fuzz-found/.
fuzz: test-install
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python -m tests.fuzz --each --time $(TIME) --seed $(SEED)

# The wheel alone in a fresh environment, away from the checkout: what a user gets.
test-wheel: install
	rm -rf $(VENV)-wheel && mkdir -p $(VENV)-wheel
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir $(VENV)-wheel .
	$(BIN)/python -m venv $(VENV)-wheel/env
	$(VENV)-wheel/env/bin/python -m pip install --quiet --disable-pip-version-check $(VENV)-wheel/*.whl
	cd $(VENV)-wheel && env/bin/joblint --version && env/bin/joblint check $(CURDIR)/examples/pi.yaml && env/bin/joblint jobs-explain --brief $(CURDIR)/examples/etl.yaml

install: $(VENV)/.installed
test-install: $(VENV)/.test-installed

# A stamp, not bin/python: a venv without pip (Debian without python3-venv) has a bin/python, too.
$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit("joblint needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV) || { echo "no virtual environment: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip  # its launchers start faster than older ones
	touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.test-installed: pyproject.toml $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[cel]'  # no wheels for some systems; its tests skip then
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-* dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .nox joblint/_compiled fuzz-found
