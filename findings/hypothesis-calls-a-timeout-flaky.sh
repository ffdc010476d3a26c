#!/usr/bin/env bash
# Hypothesis 6.170.17 with pytest-timeout 2.4.0: a property test that hits its time limit fails as flaky.
#
# Guess: it fails with "Timeout", as a test without examples does.
# Seen: the limit stops one example, Hypothesis runs that example again without a limit, it passes, and the test fails
# with a FlakyFailure: the code looks as if it gave other results each time. The line of the summary and the message of
# the error name no timeout; it stands in the traceback of the cause.
# Hypothesis documents flaky failures, and not this one; not found in the documentation of pytest-timeout:
# https://hypothesis.readthedocs.io/en/latest/tutorial/flaky.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-timeout==2.4.0 hypothesis==6.170.17
cat > test_slow.py <<'PY'
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.timeout(1)
def test_plain() -> None:
    time.sleep(2)


@pytest.mark.timeout(1)
@settings(deadline=None, database=None, max_examples=50)
@given(st.integers())
def test_property(number: int) -> None:
    time.sleep(0.1)
PY
COLUMNS=200 venv/bin/python -m pytest -q test_slow.py > log.txt || true
sed -nE 's/^FAILED test_slow.py::([a-z_]+) - (.*)/\1: \2/p' log.txt | tee seen.txt
diff seen.txt - <<'SEEN'
test_plain: Failed: Timeout (>1.0s) from pytest-timeout.
test_property: _WrappedBaseException() [single exception in FlakyFailure]
SEEN
