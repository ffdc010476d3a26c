#!/usr/bin/env bash
# anyio 4.14.2 with pytest 9.2.0: a suite with `filterwarnings = error` does not start, though nothing in it uses anyio.
#
# Guess: the tests run: the plugin has nothing to do.
# Seen: pytest ends before it collects, with a notice about a renamed name that anyio's plugin reads.
# anyio is installed by httpx and Starlette, so few suites know that they have the plugin.
# https://docs.pytest.org/en/stable/deprecations.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 anyio==4.14.2
printf '[pytest]\nfilterwarnings = error\n' > pytest.ini; echo 'def test_a(): pass' > test_a.py
code=0; venv/bin/python -m pytest -q test_a.py > seen.txt 2>&1 || code=$?
tail -n 4 seen.txt; echo "exit code: $code"
plain=0; venv/bin/python -m pytest -q -p no:anyio test_a.py > plain.txt 2>&1 || plain=$?
echo "without the plugin: $plain"
test "$code" != 0; test "$plain" = 0
grep -qi callspec seen.txt
