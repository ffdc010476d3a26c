#!/usr/bin/env bash
# pytest-json-ctrf 0.3.7 with pytest 9.2.0: the parameter sets of a test become one entry, and the others look like retries.
#
# Guess: one entry a test case, four here, as in every other report of pytest's.
# Seen: one entry for the function, with "retries" counting the further parameter sets.
# A run of 6,000 parametrized cases shrinks to its functions, and a reader takes healthy tests for flaky ones.
# https://pypi.org/project/pytest-json-ctrf/0.3.7/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-json-ctrf==0.3.7
cat > test_fees.py <<'PY'
import pytest


@pytest.mark.parametrize("amount", [1, 10, 100, 1000])
def test_fee_is_positive(amount):
    assert amount / 100 > 0
PY
venv/bin/python -m pytest -q --ctrf report.json test_fees.py | tail -n 1
venv/bin/python - <<'PY'
import json

tests = json.load(open("report.json"))["results"]["tests"]
print([{key: value for key, value in test.items() if key in ("name", "status", "retries")} for test in tests])
assert len(tests) == 1
assert tests[0]["status"] == "passed"
assert tests[0]["retries"] == 3
PY
