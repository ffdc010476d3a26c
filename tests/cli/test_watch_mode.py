"""What ``kit run --watch`` says, and what it takes for an edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import pytest

from kit.case import CaseOptions
from kit.cli import watch_mode
from kit.facts.suite import SuiteFacts
from kit.suite import Selected
from kit.target import TreeChanges
from tests.causes.scenes import result, suite
from tests.history.moments import TARGET


class Warm:
    """Stands for the processes of the suite: two tests, and changes that come from outside."""

    def __init__(self, *_: object, **__: object) -> None:
        self.ran: list[Sequence[str]] = []

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        pass

    def run(self, nodeids: Sequence[str], _feed: object, *, known: Sequence[str] = ()) -> SuiteFacts:
        self.ran.append(nodeids)
        return suite([result("t.py::a"), result("t.py::b", outcome=OUTCOMES[len(self.ran) - 1])])

    def changes(self) -> Iterator[TreeChanges]:
        yield TreeChanges(changed=(".git/index", ".git/HEAD"))
        yield TreeChanges(changed=("t.py",))

    def concerned(self, _changes: TreeChanges) -> Selected:
        return Selected(("t.py::b",), number=1, total=2, why=("t.py",))

    def exists(self, _name: str) -> bool:
        return True


OUTCOMES: list[Any] = ["crashed", "passed"]


def test_a_commit_is_no_edit_and_the_counts_name_what_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch_mode, "WarmSuite", Warm)

    watch_mode.run_and_watch(TARGET, CaseOptions(), ())

    told = capsys.readouterr()
    assert "1 of 2 tests failing or not run; waiting for an edit" in told.out
    assert "2 tests, none failing; waiting for an edit" in told.out
    assert [line for line in told.err.splitlines() if "changed" in line] == ["kit: changed: t.py"]
    assert "kit: 1 of 2 tests: t.py" in told.err.splitlines()
