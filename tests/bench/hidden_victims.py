"""Planted pairs of polluter and victim: does kit give plain pytest's outcomes, and name polluter and state?

    python tests/bench/hidden_victims.py [--pairs 500] [--a-suite 50] [--isolation fork,process] [--folder FOLDER]

Each suite holds pairs of all kinds: a test of one file leaves a state changed, a test of a later file fails because of
it in plain pytest. ``kit run --workers 2`` runs each suite; its outcomes, polluters and states are compared with what
was planted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

#: how many pairs one file of polluters or victims holds, and how many other tests
_A_FILE, _OTHERS = 5, 5


@dataclass(frozen=True)
class Kind:
    """A kind of pair: the app's module, what the polluter does, what the victim asserts, and the state to be named.

    ``{n}`` is the number of the pair, ``{m}`` its module. A kind that is ``single`` changes state of the whole process
    that another pair of its kind would change, too.
    """

    name: str
    app: str
    polluter: str
    victim: str
    state: str
    single: bool = False


KINDS = (
    Kind(
        "global",
        "VALUE = 'usd'\ndef value():\n    return VALUE",
        "{m}.VALUE = 'eur'",
        "{m}.value() == 'usd'",
        "{m}.VALUE",
    ),
    Kind("global, read directly", "LIMIT{n} = 5", "{m}.LIMIT{n} = 6", "{m}.LIMIT{n} == 5", "{m}.LIMIT{n}"),
    Kind("current user", "USER{n} = None", "{m}.USER{n} = 'ada'", "{m}.USER{n} is None", "{m}.USER{n}"),
    Kind(
        "counter",
        "COUNT{n} = 0\ndef count{n}():\n    global COUNT{n}\n    COUNT{n} += 1\n    return COUNT{n}",
        "{m}.count{n}()",
        "{m}.count{n}() == 1",
        "{m}.COUNT{n}",
    ),
    Kind(
        "environ",
        "import os\ndef region():\n    return os.environ.get('KIT_REGION_{n}', '')",
        "os.environ['KIT_REGION_{n}'] = 'eu'",
        "{m}.region() == ''",
        "os.environ['KIT_REGION_{n}']",
    ),
    Kind(
        "environ, removed",
        "import os\nos.environ['KIT_KEY_{n}'] = 'x'",
        "os.environ.pop('KIT_KEY_{n}')",
        "'KIT_KEY_{n}' in os.environ",
        "os.environ['KIT_KEY_{n}']",
    ),
    Kind(
        "list",
        "ITEMS = ['a']\ndef items():\n    return len(ITEMS)",
        "{m}.ITEMS.append('b')",
        "{m}.items() == 1",
        "{m}.ITEMS",
    ),
    Kind(
        "dictionary",
        "TABLE = {{'a': 1}}\ndef look(key):\n    return TABLE.get(key)",
        "{m}.TABLE['b'] = 2",
        "{m}.look('b') is None",
        "{m}.TABLE['b']",
    ),
    Kind("set", "SEEN{n} = set()", "{m}.SEEN{n}.add(3)", "not {m}.SEEN{n}", "{m}.SEEN{n}"),
    Kind(
        "registry",
        "REGISTRY = {{}}\ndef register(function):\n    REGISTRY[function.__name__] = function\n    return function\n"
        "def names():\n    return sorted(REGISTRY)",
        "{m}.register(lambda: 1)",
        "{m}.names() == []",
        "{m}.REGISTRY['<lambda>']",
    ),
    Kind(
        "class attribute",
        "class Shop:\n    open = True\n    def is_open(self):\n        return self.open",
        "{m}.Shop.open = False",
        "{m}.Shop().is_open()",
        "{m}.Shop.open",
    ),
    Kind(
        "class registry",
        "class Base:\n    known = []\n    def __init_subclass__(cls):\n        Base.known.append(cls)",
        "type('Late', ({m}.Base,), {{}})",
        "{m}.Base.known == []",
        "{m}.Base.known",
    ),
    Kind(
        "patched function",
        "def price():\n    return 10\ndef total():\n    return 2 * price()",
        "{m}.price = lambda: 1",
        "{m}.total() == 20",
        "{m}.price",
    ),
    Kind(
        "patched method",
        "class Clock:\n    def now(self):\n        return 12",
        "{m}.Clock.now = lambda self: 1",
        "{m}.Clock().now() == 12",
        "{m}.Clock.now",
    ),
    Kind(
        "instance",
        "class Settings:\n    def __init__(self):\n        self.debug = False\nsettings = Settings()",
        "{m}.settings.debug = True",
        "not {m}.settings.debug",
        "{m}.settings.debug",
    ),
    Kind(
        "instance, nested",
        "class Part:\n    def __init__(self):\n        self.state = {{'on': False}}\nclass App:\n"
        "    def __init__(self):\n        self.part = Part()\napp = App()",
        "{m}.app.part.state['on'] = True",
        "not {m}.app.part.state['on']",
        "{m}.app.part.state['on']",
    ),
    Kind(
        "default argument",
        "def collect(value, into=[]):\n    into.append(value)\n    return into",
        "{m}.collect(1)",
        "{m}.collect(2) == [2]",
        "{m}.collect(…)[into]",
    ),
    Kind(
        "closure",
        "def counter():\n    total = 0\n    def step():\n        nonlocal total\n        total += 1\n"
        "        return total\n    return step\nstep = counter()",
        "{m}.step()",
        "{m}.step() == 1",
        "{m}.step.<closure>.total",
    ),
    Kind(
        "cache",
        "from functools import lru_cache\nRATE{n} = 1\n@lru_cache(None)\ndef rate{n}():\n    return RATE{n}",
        "{m}.RATE{n} = 3\n    {m}.rate{n}()\n    {m}.RATE{n} = 1",
        "{m}.rate{n}() == 1",
        "{m}.rate{n}.cache_info()",
    ),
    Kind(
        "logger level",
        "import logging\nlog = logging.getLogger('shop{n}')\ndef note():\n    log.warning('sold')",
        "logging.getLogger('shop{n}').setLevel(50)",
        "bool(({m}.note(), caplog.records)[1])",
        "logging.getLogger('shop{n}').level",
    ),
    Kind(
        "logger off",
        "import logging\nlog{n} = logging.getLogger('mill{n}')",
        "{m}.log{n}.disabled = True",
        "{m}.log{n}.isEnabledFor(40)",
        "logging.getLogger('mill{n}').disabled",
    ),
    Kind(
        "logger handlers",
        "import logging\nlog{n} = logging.getLogger('yard{n}')",
        "{m}.log{n}.addHandler(logging.NullHandler())",
        "{m}.log{n}.handlers == []",
        "logging.getLogger('yard{n}').handlers",
    ),
    Kind(
        "context variable",
        "from contextvars import ContextVar\nuser{n} = ContextVar('user{n}', default='nobody')\nuser{n}.set('start')",
        "{m}.user{n}.set('ada')",
        "{m}.user{n}.get() == 'start'",
        "ContextVar('user{n}')",
    ),
    Kind(
        "library patched",
        "import json\ndef text(value):\n    return json.dumps(value)",
        "json.dumps = lambda value: '?'",
        "{m}.text(1) == '1'",
        "json.dumps",
        True,
    ),
    Kind(
        "cwd",
        "import os",
        "os.chdir(os.path.dirname(os.path.abspath(__file__)))",
        "os.path.basename(os.getcwd()) != 'tests'",
        "os.getcwd()",
        True,
    ),
    Kind(
        "locale",
        "import locale",
        "locale.setlocale(locale.LC_ALL, 'C.UTF-8')",
        "locale.setlocale(locale.LC_ALL) == START_LOCALE",
        "locale.setlocale(LC_ALL)",
        True,
    ),
    Kind(
        "recursion limit",
        "import sys\nSTART{n} = sys.getrecursionlimit()",
        "sys.setrecursionlimit(5000)",
        "sys.getrecursionlimit() == {m}.START{n}",
        "sys.getrecursionlimit()",
        True,
    ),
    Kind(
        "signal",
        "import signal",
        "signal.signal(signal.SIGUSR2, signal.SIG_IGN)",
        "signal.getsignal(signal.SIGUSR2) == signal.SIG_DFL",
        "signal.getsignal(SIGUSR2)",
        True,
    ),
    Kind("sys.path", "import sys", "sys.path.append('/nowhere')", "'/nowhere' not in sys.path", "sys.path", True),
    Kind(
        "builtins",
        "import builtins",
        "builtins.shout = print",
        "not hasattr(builtins, 'shout')",
        "builtins.shout",
        True,
    ),
)

_HEAD = """import builtins, json, locale, logging, os, signal, sys
import {modules}
START_LOCALE = locale.setlocale(locale.LC_ALL)
"""


@dataclass(frozen=True)
class Pair:
    """A planted pair; the node ids are those of plain pytest."""

    kind: str
    polluter: str
    victim: str
    state: str


def main() -> None:
    """Plant, run and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--a-suite", type=int, default=50)
    parser.add_argument("--first", type=int, default=0, help="The number of the first suite, to go on in portions.")
    parser.add_argument("--isolation", default="fork,process")
    parser.add_argument("--folder", type=Path, help="Keep the suites and reports here.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        totals: Counter[str] = Counter()
        for number in range(options.first, options.first + -(-options.pairs // options.a_suite)):
            root = folder / f"suite{number}"
            pairs = plant(root, options.a_suite, number)
            plain = plain_outcomes(root)
            for isolation in options.isolation.split(","):
                one = compare(root, pairs, plain, isolation)
                totals.update({f"{isolation}: {what}": count for what, count in one.items()})
                print(f"suite {number}, {isolation}: {dict(one)}", flush=True)
        print(json.dumps(totals, indent=1))


def plant(root: Path, count: int, seed: int) -> list[Pair]:
    """Write a suite with this many pairs; ``seed`` decides with which kind it begins."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "app").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "app" / "__init__.py").write_text("")
    (root / "pytest.ini").write_text("[pytest]\npythonpath = .\ntestpaths = tests\n")
    kinds = list(_kinds(count, seed))
    pairs: list[Pair] = []
    for start in range(0, count, _A_FILE):
        numbers = range(start, min(start + _A_FILE, count))
        for number in numbers:
            (root / "app" / f"m{number}.py").write_text(kinds[number].app.format(n=number, m=f"app.m{number}") + "\n")
        here = f"{start // _A_FILE:03}"
        _write(root / "tests" / f"test_a{here}.py", numbers, [(f"test_sets{n}", kinds[n].polluter) for n in numbers])
        victims = [(f"test_reads{n}", f"assert {kinds[n].victim}") for n in numbers]
        _write(root / "tests" / f"test_b{here}.py", numbers, victims)
        for n in numbers:
            at = f"tests/test_a{here}.py::test_sets{n}", f"tests/test_b{here}.py::test_reads{n}"
            pairs.append(Pair(kinds[n].name, *at, kinds[n].state.format(n=n, m=f"app.m{n}")))
    return pairs


def _kinds(count: int, seed: int) -> Iterator[Kind]:
    used: set[str] = set()
    at = seed * 7
    while count:
        kind = KINDS[at % len(KINDS)]
        at += 1
        if kind.single and kind.name in used:
            continue
        used.add(kind.name)
        count -= 1
        yield kind


def _write(path: Path, numbers: range, tests: list[tuple[str, str]]) -> None:
    lines = [_HEAD.format(modules=", ".join(f"app.m{n}" for n in numbers))]
    for (name, body), n in zip(tests, numbers, strict=True):
        text = indent(body.format(n=n, m=f"app.m{n}").replace("\n    ", "\n"), "    ")
        lines.append(f"def {name}({'caplog' if 'caplog' in body else ''}):\n{text}\n")
    lines += [f"def test_other{n}():\n    assert {n} + 1 == {n + 1}\n" for n in range(_OTHERS)]
    path.write_text("\n\n".join(lines))


def plain_outcomes(root: Path) -> dict[str, str]:
    """What plain pytest says of each test."""
    report = root / "plain.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    subprocess.run(command, cwd=root, capture_output=True, check=False)
    found = {}
    for case in ET.parse(report).iter("testcase"):
        path = case.get("classname", "").replace(".", "/") + ".py"
        found[f"{path}::{case.get('name')}"] = "failed" if case.find("failure") is not None else "passed"
    report.unlink()
    return found


def compare(root: Path, pairs: list[Pair], plain: dict[str, str], isolation: str) -> Counter[str]:
    """Run kit once and count what it got right."""
    reports = root.with_name(f"{root.name}-{isolation}")
    shutil.rmtree(reports, ignore_errors=True)
    command = [sys.executable, "-m", "kit", "run", str(root), "--workers", "2", "--isolation", isolation]
    command += ["--format", "json", "--reports-dir", str(reports)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(ran.stdout)
    outcomes = {test["nodeid"]: test["outcome"] for test in told["tests"]}
    events = [json.loads(line) for path in reports.glob("*/events.jsonl") for line in path.read_text().splitlines()]
    polluted = {event["victim"]: event for event in events if event["kind"] == "polluted"}
    counts: Counter[str] = Counter(tests=len(plain))
    for nodeid, outcome in plain.items():
        if outcomes.get(nodeid) != outcome:
            counts["outcomes that differ"] += 1
            print(f"  {nodeid}: plain {outcome}, kit {outcomes.get(nodeid)}")
    for pair in pairs:
        counts["pairs"] += 1
        if plain[pair.victim] != "failed":
            counts["not planted well"] += 1
            print(f"  {pair.kind}: its victim does not fail in plain pytest")
        event = polluted.get(pair.victim, {"polluters": [], "states": []})
        states = [state["path"] for state in event["states"]]
        counts["polluter named"] += pair.polluter in event["polluters"]
        counts["state named"] += pair.state in states
        if pair.state not in states or pair.polluter not in event["polluters"]:
            print(f"  {pair.kind}: named {event['polluters']} {states}, planted {pair.polluter} {pair.state}")
    return counts


if __name__ == "__main__":
    main()
