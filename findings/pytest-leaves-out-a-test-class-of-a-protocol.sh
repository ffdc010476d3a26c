#!/usr/bin/env bash
# pytest 9.2.0: a test class without `__init__` is left out where a base class is a Protocol, or is marked as deprecated.
#
# Guess: a contract of shared tests may be a Protocol, as it may be an ABC, and a mixin may be marked `@deprecated`.
# Seen: pytest finds an `__init__` that typing gave the Protocol, or a `__new__` that the decorator gave the mixin, and
# collects neither class. The run is green with exit code 0, and has a warning of a constructor that nobody wrote.
# pytest documents that it leaves out classes with `__init__`; where it comes from was not found in the documentation:
# https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 typing-extensions==4.15.0
cat > test_stores.py <<'PY'
from abc import ABC
from typing import Protocol

from typing_extensions import deprecated


class PriceContract:
    def test_price(self) -> None:
        raise AssertionError("it ran")


class AsAbstractClass(PriceContract, ABC): ...


class AsProtocol(Protocol):
    def test_price(self) -> None:
        raise AssertionError("it ran")


@deprecated("use another")
class AsDeprecated(PriceContract): ...


class TestOfAbstractClass(AsAbstractClass): ...


class TestOfProtocol(AsProtocol): ...


class TestOfDeprecated(AsDeprecated): ...


def test_other() -> None: ...
PY
code=0; venv/bin/python -m pytest -q test_stores.py -k "not AbstractClass" > log.txt || code=$?
{
  venv/bin/python -m pytest -q --collect-only -W ignore test_stores.py | grep '::'
  grep -oE 'cannot collect.*constructor' log.txt
  echo "exit code $code"
} | tee seen.txt
diff seen.txt - <<'SEEN'
test_stores.py::TestOfAbstractClass::test_price
test_stores.py::test_other
cannot collect test class 'TestOfProtocol' because it has a __init__ constructor
cannot collect test class 'TestOfDeprecated' because it has a __new__ constructor
exit code 0
SEEN
