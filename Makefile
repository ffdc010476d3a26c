# make report: investigate the demo and write its incident report.    make test: every check, and the tests of each change.
# make nightly: every check and every test.
# They set up .venv first, once; it is set up again when the requirements change.

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
LOG := .venv-setup.log
UV := $(shell command -v uv 2>/dev/null)

# bytecode of kit and its packages is kept: without it each of the many processes that tests start compiles them anew
unexport PYTHONDONTWRITEBYTECODE

# one step of the set-up: its name, its command. Says which step failed and shows why.
define step
	@printf 'set-up: %s\n' '$(1)' >&2
	@$(2) >$(LOG) 2>&1 || { printf '\nset-up failed at "%s":\n' '$(1)' >&2; tail -n 6 $(LOG) >&2; \
		printf 'The whole output is in $(LOG).\n' >&2; exit 1; }
endef

.PHONY: report example test nightly quick quick-checks quick-low quick-middle quick-high check environments pages lock clean

report: $(READY)
	@$(PYTHON) -m kit investigate --demo $(ARGS); code=$$?; test $$code -le 1 || exit $$code

# reports/example, made anew from an investigation of the demo
example: $(READY)
	$(PYTHON) -m tests.report.make_example $(ARGS)

test: $(READY) check
	@bash .ci/tests

# those as well that tests/nightly.txt lists: an hour where `make test` takes half of one
nightly: $(READY) check
	@bash .ci/tests nightly

# the tests without the mark "slow", those that start no suite, kernel, browser or database, do not read all of kit and take less than a quarter of a second,
# and two of the checks; in more lanes than there are cores, since much of what tests do is waiting
quick: $(READY)
	@$(MAKE) --no-print-directory --jobs 4 --output-sync=target quick-checks quick-low quick-middle quick-high

LOW := tests/inventory tests/suite
MIDDLE := tests/target tests/causes tests/fixes tests/history
QUICK := $(PYTHON) -m pytest -q -m "not slow" -p no:cacheprovider --hypothesis-profile quick

quick-checks:
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m mypy

quick-low:
	@$(QUICK) $(LOW)

quick-middle:
	@$(QUICK) $(MIDDLE)

# what no other lane names, so a new folder of tests belongs here
quick-high:
	@$(QUICK) $(addprefix --ignore=,$(LOW) $(MIDDLE))

# SQLAlchemy 1.4, 2.0 and 2.1, each in an environment of its own, for the tests of the mapper catalogue, and each Python
# of this machine that targets may have (both skipped without)
environments: $(READY)
	$(PYTHON) -m tests.inventory.make_environments

# the pages of kit/docs, made from the code that they describe
pages: $(READY)
	$(PYTHON) -m tests.project.make_pages

check: $(READY)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports

$(READY): pyproject.toml requirements.lock
ifdef UV
	$(call step,create $(VENV) with uv,uv venv --allow-existing --python '>=3.11' $(VENV))
	$(call step,install the locked packages,uv pip install --quiet --compile-bytecode --python $(PYTHON) -r requirements.lock)
	$(call step,install kit itself,uv pip install --quiet --python $(PYTHON) --no-deps -e .)
else
	$(call step,find Python 3.11 or later,python3 -c 'import sys; v = sys.version.split()[0]; sys.exit(0 if sys.version_info >= (3, 11) else "python3 is Python " + v + "; kit needs 3.11 or later")')
	$(call step,create $(VENV) with python3 -m venv,python3 -m venv $(VENV))
	$(call step,install the locked packages,$(PYTHON) -m pip install --quiet --disable-pip-version-check -r requirements.lock)
	$(call step,install kit itself,$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps -e .)
endif
	@rm -f $(LOG)
	@touch $(READY)

# raises every pin to the newest release that pyproject.toml allows
lock: $(READY)
	uv pip compile --quiet --universal --upgrade --python-version 3.11 --extra dev --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) $(LOG) .pytest_cache .mypy_cache .ruff_cache .hypothesis
