#!/usr/bin/env bash
# pytest-json-report 1.5.0 with pytest 9.2.0: a unittest test whose first subtest fails and whose last one passes has
# only passed stages in the report, and the outcome "subtests passed".
#
# Guess: the test is "failed", as pytest's terminal and its exit code say.
# Seen: outcome "subtests passed", setup, call and teardown all "passed"; only "exitcode": 1 tells that something failed.
# A reader that looks at outcomes takes a red run for a green one.
# https://pypi.org/project/pytest-json-report/1.5.0/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-json-report==1.5.0
cat > test_ports.py <<'PY'
import unittest


class TestPorts(unittest.TestCase):
    def test_every_port(self):
        for port in (0, 80, 443):
            with self.subTest(port=port):
                self.assertGreater(port, 0)
PY
status=0
venv/bin/python -m pytest -q --json-report --json-report-file=report.json test_ports.py > output.txt || status=$?
venv/bin/python - "$status" <<'PY'
import json, sys

report = json.load(open("report.json"))
(test,) = report["tests"]
stages = {stage: test[stage]["outcome"] for stage in ("setup", "call", "teardown")}
print("pytest's exit code:", sys.argv[1])
print("the report's exit code:", report["exitcode"])
print("the test's outcome:", test["outcome"], "| its stages:", stages)
assert sys.argv[1] == "1" and report["exitcode"] == 1
assert test["outcome"] == "subtests passed"
assert set(stages.values()) == {"passed"}
PY
