"""What a large suite has loaded is compiled while its tests still run, so that little is left after the last one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from kit.suite import RunOptions, run_suite
from kit.suite.select.gathering import Gathered
from kit.suite.select.keeping import load_record
from kit.suite.select.tree_facts import TreeFacts
from tests.helpers import write_project
from tests.suite.projects import rows, target_of
from tests.suite.select.test_deciding import CENTS, message

#: at a fourth of these tests kit no longer pauses between two of them
TESTS, MODULES = 400, 12


@pytest.mark.slow
def test_the_files_of_a_large_suite_are_compiled_while_its_tests_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"pytest.ini": "[pytest]\n", "shop/__init__.py": ""}
    files |= {f"shop/part_{n}.py": f"def price(): return {n}\n" for n in range(MODULES)}
    imports = f"import time\nfrom shop import {', '.join(f'part_{n}' for n in range(MODULES))}\n"
    tests = (
        f"def test_{n}():\n    time.sleep(0.005)\n    assert part_{n % MODULES}.price() == {n % MODULES}\n"
        for n in range(TESTS)
    )
    files["tests/test_prices.py"] = imports + "".join(tests)
    target = target_of(write_project(tmp_path / "app", files))
    left: list[list[str]] = []
    compiled = TreeFacts.compiled

    def finishing(tree: TreeFacts, root: Path, paths: Iterable[str]) -> TreeFacts:
        left.append([path for path in paths if path in tree.files and not tree.files[path].is_compiled])
        return compiled(tree, root, left[-1])

    monkeypatch.setattr(TreeFacts, "compiled", finishing)

    facts = run_suite(target, events=tmp_path / "events.jsonl", options=RunOptions(workers=1, records=True))

    assert rows(facts) == {"collected": TESTS, "passed": TESTS}
    assert left == [[]]
    record = load_record(target)
    assert record is not None
    assert {(path, name) for path, name, _ in record.units} >= {(f"shop/part_{n}.py", "price") for n in range(MODULES)}


def test_a_file_waits_once_to_be_read_however_many_processes_have_loaded_it() -> None:
    gathered = Gathered()
    for process in range(3):
        gathered.take(process, message(process, [CENTS], [0], []))
    assert len(gathered.unread) == len(gathered.seen) > 0
