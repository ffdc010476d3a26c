"""Questions about the rows of a frame of a case: ``case.tests.query("seconds > 1").kit.causes()``."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kit import frames
from kit.facts.errors import UsageError
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.session.reader import CaseReader
from kit.session.reruns import rerun
from kit.session.result import Result

#: the name of the attribute of a frame that says which case it is of
CASE = "kit_case"

_READERS: dict[str, CaseReader] = {}


def of_case(frame: pd.DataFrame, reader: CaseReader) -> pd.DataFrame:
    """The frame, which now knows its case: pandas keeps that when rows are chosen."""
    _READERS[reader.key] = reader
    frame.attrs[CASE] = reader.key
    return frame


class FrameQuestions:
    """Questions about the tests in the rows of a frame: it needs a column ``test``, and to come from a case.

    case.tests.query("outcome == 'timed_out'").kit.causes()
    case.tests.frame.head(100).kit.rerun()
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        """Ask about the tests of ``frame``."""
        self._frame = frame

    def causes(self) -> Result:
        """The causes that block these tests, with how many of them each blocks.

        case.tests.query("outcome == 'timed_out'").kit.causes()
        """
        reader, nodeids = self._asked()
        found = [one for one in reader.causes if nodeids & set(one.tests)]
        own = [replace(one, tests=tuple(name for name in one.tests if name in nodeids)) for one in found]
        blocked, block = {name for one in own for name in one.tests}, "blocks" if len(own) == 1 else "block"
        return Result(
            f"{counted(len(own), 'cause')} {block} {len(blocked):,} of {counted(len(nodeids), 'test')}.",
            frames.causes(own, reader.facts.case),
            frames.causes,
            shown=("cause", "state", "tests blocked", "where"),
            missing=reader.missing("failure_categories"),
        )

    def outcomes(self) -> Result:
        """How these tests ended.

        case.tests.query("path == 'tests/test_login.py'").kit.outcomes()
        """
        reader, nodeids = self._asked()
        results = tuple(one for one in reader.suite.results if one.nodeid in nodeids)
        tests = tuple(one for one in reader.suite.tests if one.nodeid in nodeids)
        counts = frames.outcomes(SuiteFacts(tests=tests, results=results)).rename_axis("outcome").reset_index()
        there = counts[counts["tests"] > 0].reset_index(drop=True)
        return Result(f"{counted(len(results), 'test')}.", there, frames.outcomes)

    def rerun(self, most: int = 20) -> Result:
        """Run these tests again on the tree as it is now, at most ``most`` of them (0: all).

        case.tests.query("seconds > 1").kit.rerun()
        """
        reader, nodeids = self._asked()
        return rerun(reader, [str(name) for name in self._frame["test"] if name in nodeids], most)

    def _asked(self) -> tuple[CaseReader, set[str]]:
        reader = _READERS.get(self._frame.attrs.get(CASE, ""))
        if reader is None or "test" not in self._frame:
            raise UsageError("These rows are not tests of a case: begin with case.tests, and keep the column test.")
        return reader, set(self._frame["test"])


def register() -> None:
    """Give every frame the attribute ``kit``."""
    if not hasattr(pd.DataFrame, "kit"):
        pd.api.extensions.register_dataframe_accessor("kit")(FrameQuestions)
