"""What a store of many cases costs: ``python tests/bench/many_cases.py [CASES] [TESTS]``.

Makes a store in which each case has the outcomes of the same tests, some failing, with their causes, and prints the CPU
seconds of ``kit cases``, ``kit compare``, ``kit flaky`` and of writing ``index.html``, and the size of a case.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.case import exported, import_case, write_index
from kit.facts.case import Stage
from kit.facts.suite import TestResult
from kit.facts.target import Distribution
from kit.store import Store, default_url
from tests.history.moments import case_at

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
LISTS = ("heads", "stages", "outcomes", "collection_errors", "failures", "groups", "causes")
#: the names of cases are as long as those that kit gives
CASE = "trading-platform-20250101-{:06}".format


def fill(folder: Path, cases: int, tests: int) -> None:
    """A store of this many cases. One is written as kit writes it, the others are copies of its rows."""
    names = [f"tests/area_{number // 50}/test_part_{number // 10}.py::test_{number}[a-b]" for number in range(tests)]
    outcome = {name: f"no {number % 7} here" if number % 20 == 0 else None for number, name in enumerate(names)}
    facts = case_at(1, outcome, revision="1a2b3c4d5e6f7a8b9c0d")
    assert facts.suite
    results = tuple(replace(one, seconds=0.012, phase="call") for one in facts.suite.results)
    assert isinstance(results[0], TestResult)
    packages = tuple(Distribution(f"package-{number}", "1.2.3", ("other",)) for number in range(130))
    interpreter = (
        replace(facts.case.target.interpreter, distributions=packages) if facts.case.target.interpreter else None
    )
    target = replace(facts.case.target, interpreter=interpreter)
    stages = tuple(
        Stage(name, "done", "2025-01-01T00:00:00+00:00", 1.0) for name in ("test_batches", "failure_categories")
    )
    facts = replace(
        facts,
        case=replace(facts.case, id=CASE(0), target=target),
        suite=replace(facts.suite, results=results),
        stages=stages,
    )
    store = Store(default_url(folder))
    import_case(exported(facts), store)
    heads = [
        replace(facts.case, id=CASE(number), started=(FIRST + timedelta(hours=number)).isoformat())
        for number in range(1, cases)
    ]
    for head in heads:
        store.save_case(head)
    store.close()
    with sqlite3.connect(folder / "kit.sqlite") as connection:
        for table in LISTS:
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})") if row[1] != "case_id"]
            kept = ", ".join(columns)
            for head in heads:
                connection.execute(
                    f"insert into {table} (case_id, {kept}) select ?, {kept} from {table} where case_id = ?",
                    (head.id, CASE(0)),
                )


def cpu_of(*arguments: str) -> float:
    """CPU seconds of a command of kit, which has to print something."""
    before = os.times()
    done = subprocess.run([sys.executable, "-m", "kit", *arguments], check=False, stdout=subprocess.PIPE)
    after = os.times()
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(f"kit {arguments[0]} has failed: {done.returncode}")
    return after.children_user + after.children_system - before.children_user - before.children_system


def main(cases: int, tests: int) -> None:
    """Print a line a command."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name:
        folder = Path(name)
        fill(folder, cases, tests)
        size = (folder / "kit.sqlite").stat().st_size / cases / 1e6
        print(f"{cases} cases of {tests} tests: {size:.2f} MB a case", flush=True)
        reports = ["--reports-dir", str(folder)]
        print(f"kit cases    {cpu_of('cases', *reports):6.2f} s CPU", flush=True)
        print(f"kit compare  {cpu_of('compare', CASE(cases - 2), CASE(cases - 1), *reports):6.2f} s CPU", flush=True)
        root = str(case_at(1, {}).case.target.root)
        print(f"kit flaky    {cpu_of('flaky', root, *reports):6.2f} s CPU", flush=True)
        store, before = Store(default_url(folder)), time.process_time()
        write_index(store, folder)
        print(f"index.html   {time.process_time() - before:6.2f} s CPU", flush=True)
        store.close()


if __name__ == "__main__":
    main(*map(int, [*sys.argv[1:3], "1000", "6000"][:2] if len(sys.argv) > 2 else (1000, 6000)))
