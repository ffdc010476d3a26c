"""The commands about cases do the same on every database."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from kit.case import exported, import_case
from kit.store import Store
from tests.helpers import run_kit
from tests.history.moments import case_at

pytestmark = pytest.mark.slow

A, B = "tests/test_a.py::test_a", "tests/test_b.py::test_b"


def with_options(command: list[str], options: list[str]) -> list[str]:
    at = command.index("--")
    return [*command[:at], *options, *command[at:]]


def test_cases_are_shown_compared_exported_removed_imported_and_pruned(url: str, tmp_path: Path) -> None:
    store = Store(url)
    for hour, tests in ((1, {A: "no apples", B: "no bread"}), (2, {A: None, B: "no bread"}), (3, {A: None, B: None})):
        import_case(exported(case_at(hour, tests)), store)
    store.close()

    def said(*words: str) -> tuple[int, str]:
        done = run_kit(*words, "--reports-dir", str(tmp_path / "reports"), "--store-url", url, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    (tmp_path / "reports").mkdir()
    assert "no bread" in said("show", "at-2")[1]
    code, told = said("compare", "at-1", "at-2")
    assert (code, "PARTLY RESOLVED: 1 cause fixed, 1 known" in told) == (0, True), told
    assert "RESOLVED: 1 cause fixed, no test broken, no cause left" in said("compare", "at-2", "at-3")[1]
    before = said("show", "at-1", "--format", "json")[1]
    file = str(tmp_path / "at-1.kit.json.gz")
    assert said("export", "at-1", file)[0] == 0
    assert said("rm", "at-1")[0] == 0
    assert said("show", "at-1")[0] == 2
    code, told = said("import", file, "--case", "index.html")
    assert (code, "kit has a file of this name" in told) == (2, True), told
    assert said("import", file)[0] == 0
    there = ["--reports-dir", str(tmp_path / "reports"), "--store-url", url]
    was, now = (json.loads(one)["causes"] for one in (before, said("show", "at-1", "--format", "json")[1]))
    for one, other in zip(was, now, strict=True):
        assert other.pop("next_command") == with_options(one.pop("next_command"), there)
        assert shlex.join(there) in other.pop("next_step")
        del one["next_step"]
    assert now == was
    assert said("store", "prune", "--keep", "1")[0] == 0
    told = said("cases")[1]
    assert [name in told for name in ("at-1", "at-2", "at-3")] == [False, False, True]
