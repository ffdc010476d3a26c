#!/usr/bin/env bash
# pytest-forked 1.6.0 with pytest 9.2.0: with --forked every test is an error, also one that does nothing.
#
# Guess: tests run, each in a process of its own.
# Seen: none passes.
# The plugin installs without a conflict: its metadata asks for pytest>=3.10.
# https://pypi.org/project/pytest-forked/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-forked==1.6.0
echo 'def test_a(): pass' > test_a.py
code=0; venv/bin/python -m pytest -q --forked test_a.py > seen.txt 2>&1 || code=$?
tail -n 5 seen.txt
test "$code" != 0
if grep -q '1 passed' seen.txt; then exit 1; fi
