#!/usr/bin/env bash
# pytest-html 4.2.0 with pytest 9.2.0: the report does not say why a subtest failed.
#
# Guess: a failed subtest is a failed row of the report, or its assertion stands in the row of its test.
# Seen: the row of the test says "contains 1 failed subtest", and the assertion stands nowhere in the file; a subtest
# that passes beside it has a row of its own, under the same name.
# https://docs.pytest.org/en/stable/how-to/subtests.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-html==4.2.0
cat > test_a.py <<'PY'
def test_numbers(subtests):
    for number in (5, 0):
        with subtests.test(number=number):
            assert number > 4, f"{number} is too small"
PY
venv/bin/python -m pytest -q --html=report.html --self-contained-html test_a.py | grep -E "^SUBFAILED|^FAILED" || true
venv/bin/python - <<'PY' | tee seen.txt
import html
import json
import re

text = open("report.html").read()
data = json.loads(html.unescape(re.search('data-jsonblob="([^"]*)"', text)[1]))
for test, rows in data["tests"].items():
    for row in rows:
        print(test, row["result"], "failed subtest" in row["log"])
print("says why:", "too small" in text)
PY
diff seen.txt - <<'SEEN'
test_a.py::test_numbers Passed False
test_a.py::test_numbers Failed True
says why: False
SEEN
