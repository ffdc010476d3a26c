#!/usr/bin/env bash
# pytest-rerunfailures 16.7 with pytest 9.2.0: a test that failed once is two passing test cases in the JUnit file.
#
# Guess: one test case that passes; `tests` says one.
# Seen: `tests` says one, and there are two cases of one name; both are empty, as those of tests that pass. So the file
# does not say that the test failed at first, and a tool that counts cases counts one test more than pytest.
# https://github.com/pytest-dev/pytest-rerunfailures
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-rerunfailures==16.7
cat > test_a.py <<'PY'
calls = []


def test_flaky():
    calls.append(1)
    assert len(calls) > 1
PY
venv/bin/python -m pytest -q --reruns 1 --junitxml=junit.xml test_a.py | tail -n 1
venv/bin/python - <<'PY' | tee seen.txt
import xml.etree.ElementTree as ET

suite = ET.parse("junit.xml").getroot().find("testsuite")
print("tests:", suite.get("tests"))
for case in suite.iter("testcase"):
    print(case.get("name"), [child.tag for child in case])
PY
diff seen.txt - <<'SEEN'
tests: 1
test_flaky []
test_flaky []
SEEN
