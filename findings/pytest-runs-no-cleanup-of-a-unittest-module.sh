#!/usr/bin/env bash
# pytest 9.2.0: what `unittest.addModuleCleanup` and `unittest.enterModuleContext` hold is never run or left.
#
# Guess: as those of a class, cleanups of a module run after its last test, since pytest runs setUpModule.
# Seen: setUpModule, tearDownModule and class cleanups run; a patch that setUpModule enters for its module is still
# there in the next file, whose test passes alone and fails here. unittest leaves it after the module.
# https://github.com/pytest-dev/pytest/issues/14958
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "enterModuleContext needs Python 3.11")'
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0
cat > shop.py <<'PY'
CURRENCY = "USD"
PY
cat > test_a.py <<'PY'
import unittest
from unittest.mock import patch

import shop


def setUpModule():
    unittest.enterModuleContext(patch("shop.CURRENCY", "EUR"))


class TestEuro(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(patch("shop.CURRENCY", "CHF"))

    def test_currency(self):
        self.assertEqual(shop.CURRENCY, "CHF")
PY
cat > test_b.py <<'PY'
import unittest

import shop


class TestDollar(unittest.TestCase):
    def test_currency(self):
        self.assertEqual(shop.CURRENCY, "USD")
PY
venv/bin/python -m unittest -q 2>&1 | tail -n 1 | tee seen.txt
{ venv/bin/python -m pytest -q -p no:cacheprovider --tb=line test_a.py test_b.py || true; } | grep -oE "'EUR' != 'USD'|[0-9] failed, [0-9] passed" | sort -u | tee -a seen.txt
venv/bin/python -m pytest -q -p no:cacheprovider test_b.py | grep -oE '[0-9] passed' | tee -a seen.txt
diff seen.txt - <<'SEEN'
OK
'EUR' != 'USD'
1 failed, 1 passed
1 passed
SEEN
