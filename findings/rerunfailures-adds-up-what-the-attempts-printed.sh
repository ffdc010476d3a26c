#!/usr/bin/env bash
# pytest-rerunfailures 16.7 with pytest 9.2.0: the last attempt is shown with what all attempts printed and recorded.
#
# Guess: a failure shows what its own attempt printed, and its case in the JUnit file has that attempt's properties.
# Seen: under the failure of the third attempt stands the output of all three, so a test that printed once looks as if
# it had printed three times; its case in the JUnit file has the property of each attempt, three times the same name.
# https://docs.pytest.org/en/stable/how-to/output.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-rerunfailures==16.7
cat > test_a.py <<'PY'
ATTEMPTS = []


def test_price(record_property):
    ATTEMPTS.append(1)
    print("this is attempt", len(ATTEMPTS))
    record_property("attempt", len(ATTEMPTS))
    assert len(ATTEMPTS) == 4
PY
venv/bin/python -m pytest -q --reruns 2 --junitxml=junit.xml -o junit_family=xunit1 > log.txt || true
{
  grep -cE "^_+ test_price _+$" log.txt
  grep -E "^this is attempt" log.txt
  venv/bin/python - <<'PY'
import xml.etree.ElementTree as ET

for case in ET.parse("junit.xml").iter("testcase"):
    values = [one.get("value") for one in case.iter("property")]
    print("failed" if case.find("failure") is not None else "no outcome", values)
PY
} | tee seen.txt
diff seen.txt - <<'SEEN'
1
this is attempt 1
this is attempt 2
this is attempt 3
no outcome ['1']
no outcome ['1', '2']
failed ['1', '2', '3']
SEEN
