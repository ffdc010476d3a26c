"""A store that fails while tests run costs nothing: the folder of the case has all, and the store is made anew."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.case import CaseOptions, Investigation, rebuild_store
from kit.facts.errors import StoreError
from kit.store import Store
from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

GATED = """
    import os, time, pytest

    @pytest.mark.parametrize("n", range(6))
    def test_n(n):
        while n == 3 and not os.path.exists({gate!r}):
            time.sleep(0.02)
"""


def damage(reports: Path) -> None:
    (reports / "kit.sqlite").write_bytes(b"no database at all" * 1000)


def remove_store(reports: Path) -> None:
    (reports / "kit.sqlite").unlink()


def remove_folder(reports: Path) -> None:
    shutil.rmtree(reports)


def take_tables(reports: Path) -> None:
    """Stands for a server that has lost its data, and for one that answers with errors."""
    with sqlite3.connect(reports / "kit.sqlite") as connection:
        connection.execute("drop table stages")


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@pytest.mark.parametrize("fail", [damage, remove_folder])
def test_a_run_goes_on_and_ends_with_one_sentence_and_the_case_is_resumed(
    tmp_path: Path, fail: Callable[[Path], None]
) -> None:
    gate, reports = tmp_path / "gate", tmp_path / "reports"
    write_project(tmp_path / "project", {"test_a.py": GATED.format(gate=str(gate))})
    command = [sys.executable, "-m", "kit", "run", "project", "--case", "c", "--workers", "1"]
    kit = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "KIT_DEBUG": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    events = reports / "c" / "events.jsonl"
    wait_for(lambda: events.exists() and events.read_text().count('"kind":"finished"') == 3)
    fail(reports)
    gate.touch()
    _, stderr = kit.communicate(timeout=120)

    assert kit.returncode == 4, stderr
    said = stderr.strip().splitlines()[-1]
    assert said.startswith("kit: The store sqlite:///")
    assert said.endswith("Continue with: kit run --resume c")
    assert "SELECT" not in stderr.upper().replace("SELECTED", "")
    assert "Traceback" not in stderr
    assert events.read_text().count('"kind":"finished"') == 6, "every test ran"

    rebuilt = run_kit("store", "rebuild", cwd=tmp_path)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "c: 6 tests with an outcome" in rebuilt.stdout
    resumed = run_kit("run", "--resume", "c", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    assert events.read_text().count('"kind":"finished"') == 6, "no test ran again"


def test_a_case_that_the_store_lacks_is_resumed_from_its_folder(tmp_path: Path) -> None:
    write_project(tmp_path / "project", {"test_a.py": "def test_a(): pass\n"})
    run_kit("run", "project", "--case", "c", cwd=tmp_path)
    remove_store(tmp_path / "reports")

    assert run_kit("run", "--resume", "c", cwd=tmp_path).returncode == 0
    assert run_kit("cases", cwd=tmp_path).stdout.count("\n") == 2


def test_a_store_made_anew_has_the_stages_and_what_ran(tmp_path: Path) -> None:
    write_project(tmp_path / "project", {"test_a.py": "def test_a(): assert 0\n"})
    options = CaseOptions.of(str(tmp_path / "project"), case="c", reports_dir=str(tmp_path / "reports"), timeout_s=9)
    with_store = Investigation.start(options)
    suite = with_store.run_tests()
    with_store.diagnose(with_inventory=False)
    before = with_store.record.case
    with_store.store.close()
    damage(tmp_path / "reports")

    _, damaged, restored = rebuild_store(options)

    assert [(one.case.id, one.tests) for one in restored] == [("c", 1)]
    assert damaged is not None
    assert damaged.read_bytes().startswith(b"no database")
    again = Investigation.resume("c", options)
    assert again.record.case == before
    assert again.options.timeout_s == 9
    assert again.facts.suite == suite
    assert {stage.name: stage.outcome for stage in again.facts.stages} == {
        "test_batches": "done",
        "failure_categories": "failed",
    }
    again.store.close()
    assert rebuild_store(options)[1:] == (None, ()), "a store that is whole stays as it is"


def test_a_failure_of_the_store_shows_neither_statement_nor_password(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/kit.sqlite")
    take_tables(tmp_path)

    with pytest.raises(StoreError, match=r"no such table: stages\); what was run is kept") as raised:
        store.stages("c")
    assert "\n" not in str(raised.value)
    assert "SELECT" not in str(raised.value)
    store.close()
