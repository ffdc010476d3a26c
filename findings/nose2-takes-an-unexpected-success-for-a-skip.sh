#!/usr/bin/env bash
# nose2 0.16.0: a test that passes although it is marked as an expected failure is a skipped test of a green run.
#
# Guess: the run fails, as with `python -m unittest`, whose exit code is 1 for the same file.
# Seen: exit code 0, and <skipped message="test passes unexpectedly"> in the JUnit file.
# A marker that has outlived its bug shows in one runner and not in the other.
# https://docs.nose2.io/en/latest/plugins/junitxml.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check nose2==0.16.0
cat > test_fixed.py <<'PY'
import unittest


class TestFixed(unittest.TestCase):
    @unittest.expectedFailure
    def test_bug_that_is_gone(self):
        self.assertEqual(1, 1)
PY
nose=0; unit=0
venv/bin/python -m nose2 --plugin nose2.plugins.junitxml --junit-xml test_fixed > output.txt 2>&1 || nose=$?
venv/bin/python -m unittest test_fixed > output2.txt 2>&1 || unit=$?
venv/bin/python - "$nose" "$unit" <<'PY'
import sys, xml.etree.ElementTree as tree

skipped = tree.parse("nose2-junit.xml").getroot().find("testcase/skipped")
print("exit code of nose2:", sys.argv[1], "| of unittest:", sys.argv[2], "|", skipped.attrib)
assert sys.argv[1:] == ["0", "1"]
assert skipped.get("message") == "test passes unexpectedly"
PY
