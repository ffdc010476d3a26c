#!/usr/bin/env bash
# pytest 9.2.0: the attribute "tests" of a JUnit file counts passed subtests, which have no <testcase>.
#
# Guess: "tests" is the number of <testcase> elements, as consumers of JUnit XML take it to be.
# Seen: one test with three passed subtests gives one <testcase> and tests="4".
# A check "cases read = tests announced" fails on a healthy file.
# https://docs.pytest.org/en/stable/how-to/subtests.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0
cat > test_rates.py <<'PY'
def test_rates(subtests):
    for rate in (1, 2, 3):
        with subtests.test(rate=rate):
            assert rate
PY
venv/bin/python -m pytest -q --junit-xml=report.xml test_rates.py | tail -n 1
venv/bin/python - <<'PY'
import xml.etree.ElementTree as tree

suite = tree.parse("report.xml").getroot().find("testsuite")
cases = suite.findall("testcase")
print("tests =", suite.get("tests"), "| testcase elements:", len(cases))
assert (suite.get("tests"), len(cases)) == ("4", 1)
PY
