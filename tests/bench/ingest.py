"""What ``kit ingest`` costs, against another commit in one interleaved run: ``python tests/bench/ingest.py``.

The results are those of 5,074 tests, most of which failed in the same fixtures, with long tracebacks and captured
output: 36 MB of JUnit XML, and a log of pytest-reportlog of the same tests. The environment must hold what the other
commit needs (``fef2796``: junitparser). A first run of each, which writes bytecode, does not count. The bar for JUnit
XML is 2.5 s of CPU time.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.against import ROOT, checked_out, options_against
from tests.bench.measuring import measure

TESTS, FILES, DEEP, MAPPERS = 5_074, 60, 12, 30
#: how many of a hundred tests fail
_FAILING = 72


def main() -> None:
    """Make the results, and measure both commits round by round."""
    options = options_against(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = _app(folder / "app")
        results = [_junit(folder / "results.xml"), _reportlog(folder / "results.jsonl")]
        with checked_out(options.against, folder / "other") as other:
            for file in results:
                _compare(file, app, other, options)


def _compare(file: Path, app: Path, other: Path, options: argparse.Namespace) -> None:
    trees = {"now": ROOT, options.against: other}
    costs: dict[str, list[float]] = {name: [] for name in trees}
    for number in range(options.rounds + 1):
        for name, tree in trees.items():
            reports = file.parent / f"reports-{file.suffix[1:]}-{number}-{tree.name}"
            command = [sys.executable, "-m", "kit", "ingest", file, "--target", app, "--reports-dir", reports]
            cost = measure(command, folder=tree, environment=_environment(tree, file.parent))
            if cost.code != 1:
                raise RuntimeError(f"{name}: kit ingest ended with {cost.code} and not 1")
            if number:
                costs[name].append(cost.cpu_s)
    now, before = (costs[name] for name in trees)
    ratio = statistics.median(one / two for one, two in zip(now, before, strict=True))
    print(
        f"{file.suffix[1:]}, {file.stat().st_size / 1e6:.0f} MB, {TESTS:,} tests: CPU {statistics.median(now):.2f} s "
        f"({min(now):.2f} to {max(now):.2f}), {options.against} {statistics.median(before):.2f} s "
        f"({min(before):.2f} to {max(before):.2f}), ratio {ratio:.2f} (median of {options.rounds} rounds)"
    )


def _environment(tree: Path, folder: Path) -> dict[str, str]:
    """As a user has it: modules are compiled once and not at each start. The trees and the installation stay clean."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def _app(root: Path) -> Path:
    (root / "tests").mkdir(parents=True)
    for number in range(FILES):
        (root / "tests" / f"test_part{number}.py").write_text("class TestPart:\n    def test_x(self):\n        pass\n")
    return root


def _tests() -> Iterator[tuple[int, str, str]]:
    """Number, file and name of each test."""
    for number in range(TESTS):
        yield number, f"test_part{number % FILES}", f"test_{number}[{number % 7}]"


def _error(number: int) -> str:
    return (
        "One or more mappers failed to initialize - can't proceed with initialization of other mappers. "
        f"Triggering mapper: 'Mapper[Part{number % MAPPERS}(parts)]'."
    )


def _traceback(number: int, name: str) -> str:
    lines = []
    for depth in range(DEEP):
        lines += [
            f"request = <SubRequest 'session{depth}' for <Function {name}>>",
            "",
            "    @pytest.fixture",
            f"    def session{depth}(request):",
            '        engine = create_engine("sqlite://")',
            "        for name in sorted(names):",
            ">           value = build(engine, name)",
            "",
            f"tests/conftest.py:{20 + depth}: ",
            "_ " * 40,
            f"app/models/base.py:{100 + depth}: in build",
            "    return registry.configure(cascade=True)",
            f"/usr/lib/python3.11/site-packages/sqlalchemy/orm/mapper.py:{4_000 + depth}: in _configure_registries",
            "    _do_configure_registries(registries, cascade)",
        ]
    where = "/usr/lib/python3.11/site-packages/sqlalchemy/orm/mapper.py:4191: InvalidRequestError"
    return "\n".join([*lines, f"E   sqlalchemy.exc.InvalidRequestError: {_error(number)}", "", where])


def _printed(number: int) -> str:
    return "".join(f"INFO order <{number}> & part {line} of the stock were read\n" for line in range(40))


def _junit(path: Path) -> Path:
    failing = sum(number % 100 < _FAILING for number in range(TESTS))
    with path.open("w") as file:
        file.write(f'<testsuites><testsuite name="pytest" errors="{failing}" failures="0" tests="{TESTS}" time="40">')
        for number, module, name in _tests():
            file.write(f'<testcase classname="tests.{module}.TestPart" name="{name}" time="0.012">')
            if number % 100 < _FAILING:
                message = f'failed on setup with "sqlalchemy.exc.InvalidRequestError: {_error(number)}"'
                file.write(f"<error message={quoteattr(message)}>{escape(_traceback(number, name))}</error>")
                file.write(f"<system-out>{escape(_printed(number))}</system-out>")
            file.write("</testcase>")
        file.write("</testsuite></testsuites>")
    return path


def _reportlog(path: Path) -> Path:
    with path.open("w") as file:
        file.write('{"pytest_version": "9.2.0", "$report_type": "SessionStart"}\n')
        for number, module, name in _tests():
            fails = number % 100 < _FAILING
            record = {"nodeid": f"tests/{module}.py::TestPart::{name}", "location": [f"tests/{module}.py", 1, name]}
            for when in ("setup", "teardown") if fails else ("setup", "call", "teardown"):
                is_bad = fails and when == "setup"
                told = {
                    "longrepr": _traceback(number, name) if is_bad else None,
                    "sections": [["Captured log setup", _printed(number)]] if fails else [],
                    "outcome": "failed" if is_bad else "passed",
                }
                more = {"when": when, "duration": 0.01, "keywords": {}, "$report_type": "TestReport"}
                file.write(json.dumps(record | told | more) + "\n")
        file.write('{"exitstatus": 1, "$report_type": "SessionFinish"}\n')
    return path


if __name__ == "__main__":
    main()
