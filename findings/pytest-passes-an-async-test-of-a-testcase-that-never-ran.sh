#!/usr/bin/env bash
# pytest 9.2.0 with pytest-asyncio 1.5.0: an `async def` test in a unittest.TestCase passes without a line of it running.
#
# Guess: it fails, as an async function does that no plugin runs, or pytest-asyncio's auto mode runs it.
# Seen: the function and the async test of a plain class fail or run; that of the TestCase passes, with pytest alone
# and in auto mode, and so it does with unittest itself. All that tells of it is two warnings, one that a coroutine was
# never awaited and one that a test returned a value.
# pytest-asyncio documents that it does not support these classes, and not that their tests pass:
# https://pytest-asyncio.readthedocs.io/en/stable/how-to-guides/index.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-asyncio==1.5.0
cat > test_price.py <<'PY'
import unittest


async def test_function() -> None:
    raise AssertionError("it ran")


class TestPlain:
    async def test_method(self) -> None:
        raise AssertionError("it ran")


class TestOfUnittest(unittest.TestCase):
    async def test_method(self) -> None:
        raise AssertionError("it ran")
PY
run() {
  venv/bin/python -m pytest -q -rA "$@" test_price.py > log.txt 2>&1 || true
  sed -nE 's/^(PASSED|FAILED) ([^ ]*).*/\1 \2/p' log.txt | sort
}
{
  echo "pytest alone"; run -p no:asyncio
  echo "auto mode"; run -o asyncio_mode=auto
  echo "unittest"; venv/bin/python -W ignore -m unittest test_price 2>&1 | grep -E '^(OK|FAILED|Ran 1)' | sed 's/ in .*//'
} | tee seen.txt
diff seen.txt - <<'SEEN'
pytest alone
FAILED test_price.py::TestPlain::test_method
FAILED test_price.py::test_function
PASSED test_price.py::TestOfUnittest::test_method
auto mode
FAILED test_price.py::TestPlain::test_method
FAILED test_price.py::test_function
PASSED test_price.py::TestOfUnittest::test_method
unittest
Ran 1 test
OK
SEEN
