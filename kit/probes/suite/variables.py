"""Runs one test and says which values its variables get: ``suite.variables REQUEST_FD RECORDS_FD``.

    request: {"test": "tests/test_a.py::test_b", "arguments": ["tests/test_a.py::test_b"], "root": "/copy",
              "addopts": value of PYTEST_ADDOPTS, "most": 2000}
    record, one for each value: {"function": "price", "path": "shop/prices.py", "line": 8, "name": "rebate",
                                 "value": "2", "argument": false}; at the end {"outcome": "failed" | "passed" | ...}

Only functions below the root are followed. A value is read without running code of the target: numbers, texts and
containers of them as they are, anything else by its type and its own fields. What a test calls is written down in the
order in which it happens. https://docs.python.org/3/library/sys.html#sys.settrace

Stdlib only, Python 3.8 to 3.14, pytest 6 to 9.
"""

from __future__ import annotations

import json
import os
import sys

from ..own_files import is_own
from .posing import leave_no_trace, pose_as_pytest

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterator, List, Optional

#: a value is cut after this many characters, a container after this many items, and no deeper than this is looked
_LENGTH, _ITEMS, _DEPTH = 200, 20, 3

_PLAIN = (bool, int, float, complex, str, bytes, type(None))


def shown(value: Any, depth: int = 0) -> str:
    """A value in words, without a call of its own methods."""
    kind = type(value)
    if kind in _PLAIN:
        return repr(value[:_LENGTH] if kind in (str, bytes) else value)
    if kind in (list, tuple, set, frozenset, dict):
        return _container(value, kind, depth)
    for plain in (int, float, str):  # an enumeration, or a number with a unit
        if issubclass(kind, plain):
            return "%s(%s)" % (kind.__name__, plain.__repr__(value)[:_LENGTH])
    return _fields(value, kind, depth)


def _container(value: Any, kind: type, depth: int) -> str:
    if depth >= _DEPTH:
        return "%s of %d" % (kind.__name__, len(value))
    if kind is dict:
        items = ["%s: %s" % (shown(key, depth + 1), shown(one, depth + 1)) for key, one in list(value.items())[:_ITEMS]]
    else:
        items = [shown(one, depth + 1) for one in list(value)[:_ITEMS]]
    if kind in (set, frozenset):
        items.sort()
    more = ["and %d more" % (len(value) - _ITEMS)] if len(value) > _ITEMS else []
    left, right = "[]" if kind is list else "()" if kind is tuple else "{}"
    return "%s%s%s" % (left, ", ".join(items + more), right)


def _fields(value: Any, kind: type, depth: int) -> str:
    try:
        own = object.__getattribute__(value, "__dict__")
    except AttributeError:
        own = {}
    if depth >= _DEPTH or type(own) is not dict or isinstance(value, type):
        return "<%s>" % kind.__name__
    fields = [(name, one) for name, one in list(own.items()) if type(name) is str and not name.startswith("_")]
    return "%s(%s)" % (
        kind.__name__,
        ", ".join("%s=%s" % (name, shown(one, depth + 1)) for name, one in fields[:_ITEMS]),
    )


class VariableTracer:
    """A plugin that follows the call of the test. ``say`` gets a record for each value, at most ``most``."""

    def __init__(self, root: str, most: int, say: Callable[[Dict[str, Any]], None]) -> None:
        self._root, self._left, self._say = os.path.join(os.path.realpath(root), ""), most, say
        self._known: Dict[int, Dict[str, str]] = {}
        self._paths: Dict[str, str] = {}

    def pytest_pyfunc_call(self) -> Iterator[None]:
        before = sys.gettrace()
        sys.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(before)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.outcome != "passed":
            self._say({"outcome": report.outcome, "when": report.when})

    def _path(self, name: str) -> str:
        """The path of a file below the root; empty for any other."""
        if name not in self._paths:
            real = os.path.realpath(name)
            self._paths[name] = real[len(self._root) :].replace(os.sep, "/") if is_own(real, self._root) else ""
        return self._paths[name]

    def _call(self, frame: Any, _event: str, _argument: Any) -> Optional[Callable[..., Any]]:
        if self._left <= 0 or not self._path(frame.f_code.co_filename):
            return None
        self._known[id(frame)] = {}
        line = [frame.f_code.co_firstlineno]
        self._look(frame, line[0], is_argument=True)

        def follow(frame: Any, event: str, argument: Any) -> Optional[Callable[..., Any]]:
            self._look(frame, line[0])
            line[0] = frame.f_lineno
            if event == "return":
                self._known.pop(id(frame), None)
                self._tell(frame, line[0], "return", shown(argument))
            return follow if self._left > 0 else None

        return follow

    def _look(self, frame: Any, line: int, is_argument: bool = False) -> None:
        known = self._known.get(id(frame))
        if known is None:
            return
        for name, value in list(frame.f_locals.items()):
            if name.startswith(("@", "__")):
                continue
            now = shown(value)
            if known.get(name) != now:
                known[name] = now
                self._tell(frame, line, name, now, is_argument)

    def _tell(self, frame: Any, line: int, name: str, value: str, is_argument: bool = False) -> None:
        if self._left > 0:
            self._left -= 1
            code = frame.f_code
            function = getattr(code, "co_qualname", code.co_name)
            where = {"function": function, "path": self._path(code.co_filename), "line": line}
            self._say(dict(where, name=name, value=value[:_LENGTH], argument=is_argument))


def run(request: Dict[str, Any], say: Callable[[Dict[str, Any]], None]) -> None:
    import pytest

    wrapper = pytest.hookimpl(hookwrapper=True, tryfirst=True)
    VariableTracer.pytest_pyfunc_call = wrapper(VariableTracer.pytest_pyfunc_call)  # type: ignore[method-assign]
    arguments: List[str] = request["arguments"]
    os.environ["PYTEST_ADDOPTS"] = request["addopts"]  # a preloaded process does not have it
    pose_as_pytest()
    pytest.main(arguments, plugins=[VariableTracer(request["root"], request["most"], say)])


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    leave_no_trace()
    records = int(records_fd)

    def say(record: Dict[str, Any]) -> None:
        os.write(records, json.dumps(record).encode() + b"\n")

    run(request, say)
    for output in (sys.stdout, sys.stderr):
        output.flush()
    os._exit(0)
