#!/usr/bin/env bash
# pytest 9.2.0: a fixture of scope "package" in the conftest.py of a folder ends with the folder's tests only where the
# folder has an __init__.py; without one it lasts until all tests are over, and later folders run with what it has set.
#
# Guess: it ends with the last test of its folder in both cases: since pytest 8 each folder is a node of the collection.
# Seen: with __init__.py the test of the next folder finds the value put back, without it the changed one.
# https://docs.pytest.org/en/stable/how-to/fixtures.html#fixture-scopes
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0
mkdir -p tests/a tests/b; echo 'MODE = "usual"' > setting.py; printf '[pytest]\npythonpath = .\n' > pytest.ini
cat > tests/a/conftest.py <<'PY'
import pytest
import setting

@pytest.fixture(autouse=True, scope="package")
def special():
    setting.MODE = "special"
    yield
    setting.MODE = "usual"
PY
printf 'import setting\n\ndef test_in_a():\n    assert setting.MODE == "special"\n' > tests/a/test_in_a.py
printf 'import setting\n\ndef test_in_b():\n    assert setting.MODE == "usual"\n' > tests/b/test_in_b.py
without=0; venv/bin/python -m pytest -q tests > without.txt 2>&1 || without=$?
touch tests/a/__init__.py
with=0; venv/bin/python -m pytest -q tests > with.txt 2>&1 || with=$?
tail -n 2 without.txt; tail -n 1 with.txt; echo "exit codes: without $without, with $with"
grep -q "assert 'special' == 'usual'" without.txt
test "$without" = 1; test "$with" = 0
