"""What an earlier file left in Python, in a library or in an object without attributes fails a test as plain pytest."""

from __future__ import annotations

import sys

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import outcomes

APP = """
    import abc, functools, mmap, threading

    def numbers():
        for number in range(9):
            yield number

    NUMBERS, LETTERS, LOCAL = numbers(), iter("abc"), threading.local()
    LOCK, OWNED, MEMORY = threading.Lock(), threading.RLock(), mmap.mmap(-1, 9)
    VIEW = memoryview(bytearray(9))

    def call():
        call.times = getattr(call, "times", 0) + 1
        return call.times

    @functools.singledispatch
    def show(thing):
        return "thing"

    class Shape(abc.ABC): pass
    class Disc: pass
    class Plugin: pass
    KEPT = []
    def names():
        return [one.__name__ for one in Plugin.__subclasses__()]
"""

#: what a test of one file does, and what one of a later file asserts
OF_OBJECTS = {
    "generator": ("next(app.NUMBERS)", "next(app.NUMBERS) == 0"),
    "iterator": ("next(app.LETTERS)", "next(app.LETTERS) == 'a'"),
    "function": ("app.call()", "app.call() == 1"),
    "thread": ("app.LOCAL.user = 'ada'", "not hasattr(app.LOCAL, 'user')"),
    "lock": ("app.LOCK.acquire()", "not app.LOCK.locked()"),
    "owned": ("app.OWNED.acquire()", "'unlocked' in repr(app.OWNED)"),
    "memory": ("app.MEMORY.write(b'mine')", "app.MEMORY[:4] == bytes(4)"),
    "view": ("app.VIEW[:4] = b'mine'", "app.VIEW[:4] == bytes(4)"),
    "dispatch": ("app.show.register(int, lambda _: 'number')", "app.show(1) == 'thing'"),
    "registered": ("app.Shape.register(app.Disc)", "not issubclass(app.Disc, app.Shape)"),
    "subclass": ("app.KEPT.append(type('Mine', (app.Plugin,), {}))", "app.names() == []"),
    "method": ("json.JSONEncoder.item_separator = ' ; '", "json.JSONEncoder.item_separator == ', '"),
}
OF_LIBRARIES = {
    "traps": ("decimal.getcontext().traps[decimal.Inexact] = True", "not decimal.getcontext().traps[decimal.Inexact]"),
    "threads": ("decimal.DefaultContext.prec = 4", "decimal.DefaultContext.prec == 28"),
    "dialects": ("csv.register_dialect('mine')", "'mine' not in csv.list_dialects()"),
    "fields": ("csv.field_size_limit(9)", "csv.field_size_limit() > 9"),
    "adapters": (
        "sqlite3.register_adapter(complex, str)",
        "(complex, sqlite3.PrepareProtocol) not in sqlite3.adapters",
    ),
    "pickling": ("copyreg.pickle(complex, str)", "copyreg.dispatch_table.get(complex) is not str"),
    "types": ("mimetypes.add_type('text/mine', '.mine')", "mimetypes.guess_type('a.mine') == (None, None)"),
    "spaces": (
        "ElementTree.register_namespace('mine', 'urn:mine')",
        "b'ns0' in ElementTree.tostring(ElementTree.Element('{urn:mine}a'))",
    ),
    "weeks": ("calendar.setfirstweekday(6)", "calendar.firstweekday() == 0"),
    "https": ("ssl._create_default_https_context = len", "ssl._create_default_https_context is not len"),
}
OF_PYTHON = {
    "finder": ("sys.meta_path.insert(0, Blocker())", "__import__('colorsys')"),
    "missing": ("sys.modules['tomllib'] = None", "found('tomllib')"),
    "prompt": ("sys.ps1 = '> '", "not hasattr(sys, 'ps1')"),
    "input": ("sys.stdin = io.StringIO('yes')", "type(sys.stdin) is not io.StringIO"),
    "tracing": ("sys.settrace(lambda *_: None)", "sys.gettrace() is None"),
    "profiling": ("sys.setprofile(lambda *_: None)", "sys.getprofile() is None"),
    "codec": ("codecs.register(own_codec)", "encoded('own_codec', 'strict') is None"),
    "errors": (
        "codecs.register_error('own_errors', lambda error: ('', error.end))",
        "encoded('ascii', 'own_errors') is None",
    ),
    "abstract": ("Sequence.register(app.Disc)", "not issubclass(app.Disc, Sequence)"),
    "generators": ("sys.set_asyncgen_hooks(firstiter=nothing)", "'nothing' not in repr(sys.get_asyncgen_hooks())"),
    "origins": ("sys.set_coroutine_origin_tracking_depth(3)", "sys.get_coroutine_origin_tracking_depth() == 0"),
    "collected": ("gc.callbacks.append(nothing)", "nothing.__name__ not in [one.__name__ for one in gc.callbacks]"),
}
ON_POSIX = {
    "mask": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})",
        "signal.SIGUSR1 not in signal.pthread_sigmask(signal.SIG_BLOCK, ())",
    ),
    "alarm": ("signal.setitimer(signal.ITIMER_REAL, 900)", "signal.getitimer(signal.ITIMER_REAL)[0] == 0"),
    "priority": ("os.nice(1)", "os.getpriority(os.PRIO_PROCESS, 0) == PRIORITY"),
    "limit": ("resource.setrlimit(OPEN, (BEFORE[0] - 1, BEFORE[1]))", "resource.getrlimit(OPEN) == BEFORE"),
}
DIGITS = {"digits": ("sys.set_int_max_str_digits(0)", "sys.get_int_max_str_digits() > 0")}

IMPORTS = """
import calendar, codecs, copyreg, csv, decimal, gc, io, json, mimetypes, sqlite3, ssl, sys, threading
from collections.abc import Sequence
from xml.etree import ElementTree
import app

class Blocker:
    def find_spec(self, name, *_):
        if name == "colorsys":
            raise ImportError(name)

def found(name):
    return __import__(name)

def nothing(*_):
    pass

def own_codec(name):
    return codecs.lookup("utf-8") if name == "own_codec" else None

def encoded(codec, errors):
    try:
        return "\xe9".encode(codec, errors)
    except LookupError:
        return None
"""


@pytest.mark.parametrize("pairs", [OF_OBJECTS, OF_LIBRARIES, OF_PYTHON], ids=["objects", "libraries", "python"])
def test_plain_order_counts_for_each_state(run: Run, pairs: dict[str, tuple[str, str]]) -> None:
    assert _failed_of(run, pairs) == {*pairs}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="has no limit of digits")
def test_plain_order_counts_for_a_limit_of_the_interpreter(run: Run) -> None:
    assert _failed_of(run, DIGITS) == {*DIGITS}


@pytest.mark.skipif(sys.platform == "win32", reason="has no signal masks, alarms and limits")
def test_plain_order_counts_for_what_the_system_keeps_for_a_process(run: Run) -> None:
    imports = "import os\nPRIORITY = os.getpriority(os.PRIO_PROCESS, 0)\n"
    imports += "import resource, signal\nOPEN = resource.RLIMIT_NOFILE\nBEFORE = resource.getrlimit(OPEN)\n"

    assert _failed_of(run, ON_POSIX, imports) == {*ON_POSIX}


def test_an_import_statement_in_a_function_sees_a_finder_that_another_file_left(run: Run) -> None:
    files = {
        "app.py": APP,
        "test_a.py": f"{IMPORTS}\ndef test_leaves():\n    sys.meta_path.insert(0, Blocker())\n",
        "test_b.py": "def test_imports():\n    import colorsys\n",
    }

    assert outcomes(run(files, isolation="file"))["test_b.py::test_imports"] == "failed"


def test_warnings_that_one_file_turns_into_errors_are_errors_in_the_next(run: Run) -> None:
    files = {
        "test_a.py": "import warnings\n\ndef test_leaves():\n    warnings.simplefilter('error')\n",
        "test_b.py": "import app\n\ndef test_warns():\n    app.old()\n",
        "app.py": "import warnings\n\ndef old():\n    warnings.warn('old')\n",
    }

    facts = run(files, addopts=("-p", "no:warnings"), isolation="file")

    assert outcomes(facts)["test_b.py::test_warns"] == "failed"


def _failed_of(run: Run, pairs: dict[str, tuple[str, str]], imports: str = "") -> set[str]:
    """The names of the pairs of which the second test fails; each first test passes."""
    files = {"app.py": APP}
    for number, (name, (changes, holds)) in enumerate(pairs.items()):
        files[f"test_{number:02}_a.py"] = f"{IMPORTS}{imports}\ndef test_leaves():\n    {changes}\n"
        files[f"test_{number:02}_b.py"] = f"{IMPORTS}{imports}\ndef test_{name}():\n    assert {holds}\n"

    found = outcomes(run(files, isolation="file"))

    assert all(outcome == "passed" for nodeid, outcome in found.items() if nodeid.endswith("leaves"))
    return {nodeid.rpartition("test_")[2] for nodeid, outcome in found.items() if outcome == "failed"}
