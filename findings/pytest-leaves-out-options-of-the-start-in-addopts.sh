#!/usr/bin/env bash
# pytest 9.2.0: `-c` and `--rootdir` in the ini option addopts do nothing, and nothing says so.
#
# Guess: they are taken as on the command line, or refused.
# Seen: exit code 0, and the root folder and the ini file are those without them.
# A setting that was moved from the command line into addopts is silently lost.
# https://docs.pytest.org/en/stable/reference/customize.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0
mkdir other; printf '[pytest]\naddopts = --rootdir=other -c other/own.ini\n' > pytest.ini; printf '[pytest]\n' > other/own.ini
echo 'def test_a(): pass' > test_a.py
venv/bin/python -m pytest test_a.py | tee seen.txt
venv/bin/python -m pytest --rootdir=other -c other/own.ini test_a.py | tee typed.txt
grep -q "^configfile: pytest.ini" seen.txt
grep -q "^rootdir: $folder\$" seen.txt
grep -q "^rootdir: $folder/other" typed.txt
grep -q "1 passed" seen.txt
