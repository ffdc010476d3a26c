#!/usr/bin/env bash
# hypothesis 6.170.15 with pytest 9.2.0: every session imports all of Hypothesis when it ends, also where no test uses it.
#
# Guess: a suite without property tests never imports it: the plugin's first lines say that it loads nothing of Hypothesis
# until the user imports it.
# Seen: none of its modules is there when the tests have run, 77 are when pytest has printed its summary: the import is in
# the plugin's hook for the summary. A tool that starts many small sessions pays for it each time.
# https://github.com/HypothesisWorks/hypothesis/issues/3140
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 hypothesis==6.170.15
cat > conftest.py <<'PY'
import sys

def count():
    return sum(name.partition(".")[0] == "hypothesis" for name in sys.modules)

def pytest_sessionfinish():
    print("\nmodules of hypothesis after the tests:", count())

def pytest_unconfigure():
    print("modules of hypothesis after the summary:", count())
PY
echo 'def test_a(): pass' > test_a.py
venv/bin/python -m pytest -q -s test_a.py | tee seen.txt
venv/bin/python -m pytest -q -s -p no:hypothesispytest test_a.py > without.txt
tail -n 1 without.txt
grep -qx 'modules of hypothesis after the tests: 0' seen.txt
test "$(sed -n 's/modules of hypothesis after the summary: //p' seen.txt)" -gt 50
grep -qx 'modules of hypothesis after the summary: 0' without.txt
