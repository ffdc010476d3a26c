#!/usr/bin/env bash
# pytest 9.2.0: a test that is expected to fail, and does so in a subtest, fails with "XPASS(strict)".
#
# Guess: it is xfailed, as it would be if the assertion stood outside the subtest.
# Seen: the subtest is xfailed, its test counts as passed in spite of it, and with `strict=True` this is a failure.
# So a strict expected failure cannot stand on a test whose assertions are all in subtests.
# https://docs.pytest.org/en/stable/how-to/subtests.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0
cat > test_a.py <<'PY'
import pytest


@pytest.mark.xfail(strict=True)
def test_plain():
    assert False


@pytest.mark.xfail(strict=True)
def test_subtest(subtests):
    with subtests.test():
        assert False
PY
code=0; venv/bin/python -m pytest -q -rA test_a.py > output.txt || code=$?
grep -E '^(XFAIL|SUBXFAIL|FAILED)' output.txt | sort | tee seen.txt
echo "exit code: $code" | tee -a seen.txt
diff seen.txt - <<'SEEN'
FAILED test_a.py::test_subtest - [XPASS(strict)] 
SUBXFAIL(<subtest>) test_a.py::test_subtest
XFAIL test_a.py::test_plain
exit code: 1
SEEN
