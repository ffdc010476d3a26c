"""How the time to name causes grows with their number: ``python tests/bench/causes_growth.py [NUMBER ...]``.

Writes an app with as many defects as asked (700 by default, then doubled), of ten kinds that fail in tests and of three
that keep a file from being collected, and a recorded run of its suite in which each of them shows. One test file in
twelve is uncollectable, the others hold 15 tests. Measured is what ``kit investigate`` does after the run: group the
failures and name the causes, with the source to ask, in CPU time. The bar: 700 causes, of
56 files and 10,500 tests, in 30 s.

``--profile`` prints where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.causes import find_causes
from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.suite import CollectedTest, CollectionError, SuiteFacts, TestResult
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.target import find_target

TESTS_IN_A_FILE, FILES_TO_ONE_UNCOLLECTABLE = 15, 12

MODULE = """from datetime import datetime
from fastapi import APIRouter
from sqlalchemy import Column, DateTime, Integer, String
from app.base import Base
{imports}

router = APIRouter(prefix="/part{n}")
export_{n}_enabled = {switched_on}


class Row{n}(Base):
    __tablename__ = "row_{n}"
    id = Column(Integer, primary_key=True)
    title_{n} = Column(String)
    seen = Column(DateTime)


class Page{n}:
    @property
    def first(self):
        return {n}


def load_{n}(key, size):
    found = {{"a": datetime.utcnow()}}
    if size > {n}:
        return None
    return found[key]


@router.get("/items/{{item}}")
def read_{n}(item: int):
    return load_{n}("a", item)


{twice}
"""

TWICE = """class Twin{n}(Base):
    __tablename__ = "twin_{n}"
    id = Column(Integer, primary_key=True)
    row_id = Column(Integer, ForeignKey("nowhere_{n}.id"))
"""


@dataclass
class Run:
    """The recorded run, as it is put together."""

    tests: list[CollectedTest] = field(default_factory=list)
    results: list[TestResult] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)
    errors: list[CollectionError] = field(default_factory=list)

    def test(self, nodeid: str, failure: Failure | None, outcome: str = "") -> None:
        """Record a test; with a failure it failed."""
        path = nodeid.partition("::")[0]
        self.tests.append(CollectedTest(nodeid, path, fixtures=("client",)))
        told = outcome or ("failed" if failure else "passed")
        reason = "timed out after 30 s in call" if told == "timed_out" else None
        identity = failure.id if failure else None
        self.results.append(TestResult(nodeid, path, told, "call", 0.01, identity, reason))  # type: ignore[arg-type]
        if failure:
            self.failures[failure.id] = failure

    def facts(self) -> SuiteFacts:
        """All of it."""
        return SuiteFacts(tuple(self.tests), tuple(self.results), tuple(self.errors), self.failures)


def failure(name: str, kind: str, message: str, *frames: Frame) -> Failure:
    """A failure of one exception."""
    module, _, type_ = kind.rpartition(".")
    return Failure(name, "call", (ExceptionInfo(type_, module or "builtins", message, len(message), frames),))


def defects(n: int, test: str) -> tuple[str, str, str, tuple[Frame, ...]]:
    """Outcome, exception, message and frames of the n-th defect, which a test file shows in its first test."""
    module, own = f"app.part{n}", f"app/part{n}.py"
    in_test = Frame(test, 12, "test_0", "test", f"assert read({n}) == 1")
    inside = Frame(own, 28, f"load_{n}", "own", "return found[key]")
    shapes: tuple[tuple[str, str, str, tuple[Frame, ...]], ...] = (
        ("failed", "AssertionError", f"assert {n} == {n + 1}", (in_test,)),
        ("failed", "KeyError", f"'key{n}'", (in_test, inside)),
        (
            "failed",
            "AssertionError",
            "assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code",
            (in_test,),
        ),
        (
            "failed",
            "AttributeError",
            f"<module '{module}' from '/x/{own}'> does not have the attribute 'lod_{n}'",
            (in_test,),
        ),
        ("failed", "TypeError", "can't compare offset-naive and offset-aware datetimes", (in_test, inside)),
        ("failed", "AttributeError", f"'Row{n}' object has no attribute 'titel_{n}'", (in_test, inside)),
        ("failed", "TypeError", f"load_{n}() missing 1 required positional argument: 'size'", (in_test,)),
        ("timed_out", "TimeoutError", "", (in_test, inside)),
        (
            "failed",
            "AssertionError",
            f"assert {n} == 7\n +  where {n} = <app.part{n}.Page{n} object at 0x7f01>.first",
            (in_test,),
        ),
        ("error", "_pytest.fixtures.FixtureLookupError", f"fixture 'cleint_{n}' not found", ()),
    )
    return shapes[n % len(shapes)]


def refused(n: int, test: str) -> Failure:
    """Why a test file cannot be collected."""
    frame, own = Frame(test, 1, "<module>", "test", f"import package{n}"), f"app/part{n}.py"
    inside = Frame(own, 6, "<module>", "own", f"import package{n}")
    shapes = (
        ("ModuleNotFoundError", f"No module named 'package{n}'", (frame,)),
        ("ImportError", f"cannot import name 'x{n}' from 'app.part{n}' (/x/{own})", (frame,)),
        ("ValueError", f"setting {n} is refused for part{n}", (frame, inside)),
    )
    kind, message, frames = shapes[n % len(shapes)]
    return failure(f"c{n}", kind, message, *frames)


def write(root: Path, number: int, *, broken: int | None = None, tests: int = TESTS_IN_A_FILE) -> SuiteFacts:
    """The app on disk, and the run of its suite: ``number`` modules, each with a file of so many ``tests``. The first
    ``broken`` of them, all by default, have a defect.
    """
    run = Run()
    files: dict[str, str] = {
        "pyproject.toml": '[project]\nname = "app"\nversion = "1"\n[tool.pytest.ini_options]\npythonpath = ["."]\n',
        "app/__init__.py": "",
        "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    }
    for n in range(number):
        imports = "\n".join(
            f"from app.part{(n * 7 + step) % n} import load_{(n * 7 + step) % n}" for step in range(3 if n > 3 else 0)
        )
        twice = TWICE.format(n=n) if n % 20 == 0 else ""
        files[f"app/part{n}.py"] = MODULE.format(n=n, imports=imports, switched_on=n % 2 == 0, twice=twice)
        files[f"tests/test_{n}.py"] = "\n".join(test_file(n, number, tests))
        record(run, n, tests, is_broken=broken is None or n < broken)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return run.facts()


def test_file(n: int, number: int, tests: int) -> Iterator[str]:
    """The lines of a test file, whose tests ask for routes and call functions."""
    yield f"from app.part{n} import load_{n}, Page{n}"
    yield f"from app.part{(n + 1) % number} import Row{(n + 1) % number}"
    for test in range(tests):
        yield f"\n\ndef test_{test}(client):"
        yield f'    answer = client.get("/part{(n + test) % number}/items/{test}")'
        yield f'    load_{n}("a", {test})'
        yield f"    assert answer.status_code == {200 + test}"


def record(run: Run, n: int, tests: int, *, is_broken: bool) -> None:
    """What the suite did in a test file."""
    path = f"tests/test_{n}.py"
    if is_broken and n % FILES_TO_ONE_UNCOLLECTABLE == 1:
        run.errors.append(CollectionError(path, refused(n, path)))
        return
    outcome, kind, message, frames = defects(n, path)
    if is_broken:
        run.test(f"{path}::test_0", failure(f"f{n}", kind, message, *frames), outcome)
    for test in range(int(is_broken), tests):
        run.test(f"{path}::test_{test}", None)


def measure(number: int, *, profile: bool) -> None:
    """Write, run and print one size."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "app")
        suite = write(root, number)
        target = find_target(root, python=sys.executable)
        inventory = Inventory.of(target, runtime=False)
        profiler = cProfile.Profile()
        started = time.process_time()
        if profile:
            profiler.enable()
        grouping = group_failures(suite)
        grouped = time.process_time()
        causes = find_causes(
            inventory.facts, suite, grouping, loads=inventory.imported_by_tests, source=lambda: Declarations.of(target)
        )
        profiler.disable()
        named = time.process_time()
    print(
        f"{len(suite.tests):,} tests, {len(suite.collection_errors)} uncollectable files, {len(causes):,} causes: "
        f"grouped in {grouped - started:.1f} s, named in {named - grouped:.1f} s CPU",
        flush=True,
    )
    if profile:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, default=[700, 1400], metavar="NUMBER")
    parser.add_argument("--profile", action="store_true", help="Print where the time goes.")
    options = parser.parse_args()
    for number in options.numbers:
        measure(number, profile=options.profile)


if __name__ == "__main__":
    main()
