"""Tests that run once more find the scratch copy as it was, and a large tree is walked no more often than needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from kit.suite.process.surroundings import Surroundings
from kit.suite.run.rechecking import RerunResult, Round
from kit.suite.run.rerunning import Rerunning
from kit.suite.run.starts import Starts
from kit.target import restoring
from tests.helpers import write_project
from tests.suite.test_decisive_rounds import Events


class Writing(Events):
    """Each test finds what is in the copy, and leaves a file and a folder behind."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root, self.found = root, list[list[str]]()

    def run(self, batches: tuple[tuple[int, ...], ...], workers: int, until: float) -> None:
        self.found.append(sorted(path.name for path in self._root.rglob("*")))
        for index in (index for batch in batches for index in batch):
            (self._root / f"left_{index}").mkdir()
            (self._root / f"left_{index}" / "rows.csv").write_text(str(index))
        super().run(batches, workers, until)


@pytest.mark.parametrize(("title", "walks"), [("alone", 6), ("in order", 5)])
def test_each_test_finds_what_was_there_and_the_copy_is_walked_once_between_two(
    title: str, walks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, root = (write_project(tmp_path / name, {"app/one.py": "ONE = 1\n"}) for name in ("source", "root"))
    before = sorted(path.name for path in root.rglob("*"))
    walked = list[str]()
    seen = restoring._seen

    def counting(root: str) -> Any:
        walked.append(root)
        return seen(root)

    monkeypatch.setattr(restoring, "_seen", counting)
    events = Writing(root)
    rerunning = Rerunning(cast("Any", events), events.run, Starts(), source, root, Surroundings(root))
    results = rerunning.run_round(Round(cast("Any", title), ((0,), (1,), (2,), (3,))))

    assert events.found == [before] * 4
    assert results == dict.fromkeys(range(4), RerunResult("passed"))
    assert rerunning.writes == ({index: {f"left_{index}/rows.csv"} for index in range(4)} if title == "alone" else {})
    assert len(walked) == walks
