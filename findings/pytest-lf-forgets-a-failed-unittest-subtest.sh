#!/usr/bin/env bash
# pytest 9.2.0: `--lf` leaves out a unittest test that failed in a subTest.
#
# Guess: `--lf` runs every test again that failed: the run ended with an error because of it.
# Seen: the subtest counts as failed and its test as passed; the pass comes last, so the test is taken off the list of
# failed ones. With the fixture `subtests` the test itself fails as well, and is run again.
# https://docs.pytest.org/en/stable/how-to/cache.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0
cat > test_a.py <<'PY'
import unittest


class TestSizes(unittest.TestCase):
    def test_of_unittest(self):
        with self.subTest(size=1):
            self.assertTrue(False)


def test_of_pytest(subtests):
    with subtests.test(size=1):
        assert False


def test_plain():
    assert False
PY
venv/bin/python -m pytest -q test_a.py > first.txt || true
grep -c '^SUBFAILED' first.txt | tee seen.txt
venv/bin/python -m pytest -q --lf --collect-only test_a.py | grep '::' | tee -a seen.txt
diff seen.txt - <<'SEEN'
2
test_a.py::test_of_pytest
test_a.py::test_plain
SEEN
