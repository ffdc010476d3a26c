"""One test of a case, with its questions as methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from kit import frames, history
from kit.facts.failures import Failure
from kit.facts.outcomes import BAD
from kit.facts.places import Location
from kit.facts.suite import TestResult
from kit.facts.wording import counted
from kit.session import showing
from kit.session.accessor import of_case
from kit.session.asking import Asked
from kit.session.charts import Bars, Series
from kit.session.edits import of_today
from kit.session.lines import excerpts
from kit.session.reader import CaseReader
from kit.session.reruns import rerun
from kit.session.result import Result, Things

#: how an exception of a chain led to the one before it
_RELATIONS = {"cause": "caused by", "context": "raised while handling", "member": "member of the group", None: ""}


@dataclass(frozen=True, eq=False, repr=False)
class Test(Asked):
    """A test of the case.

    case.test("test_login").output()
    case.test("test_login").history()
    """

    __test__ = False  # pytest must not take this for a test class

    reader: CaseReader
    result: TestResult

    @property
    def failure(self) -> Failure | None:
        """The recorded exception chain, if it failed with an exception.

        case.test("test_login").failure
        """
        return self.reader.suite.failures.get(self.result.failure or "")

    def output(self) -> Result:
        """What it raised and printed: the traceback without the frames of libraries, and the end of its output.

        case.test("test_login").output()
        """
        failure = self.failure
        if failure is None:
            said = self.result.reason or "it raised nothing, and kit keeps the output of failing tests only"
            return Result(f"{self._ended}: {said}.", frames.traceback(None), frames.traceback)
        raised = failure.chain[-1]
        message = raised.message.partition("\n")[0]
        body = "".join(_exception(one.type, one.message, _RELATIONS[one.relation]) for one in failure.chain[:4])
        tail = showing.paragraph("It printed:") + showing.block(failure.tail) if failure.tail.strip() else ""
        return Result(
            f"{self._ended} with {raised.type}: {message}",
            frames.traceback(failure),
            frames.traceback,
            shown=("where", "function", "source"),
            most=12,
            notes=() if failure.tail.strip() else ("It printed nothing that pytest captured.",),
            body=body + tail,
        )

    def history(self) -> Result:
        """Its outcomes in the cases of this target, the newest first.

        case.test("test_login").history()
        """
        store = self.reader.investigation.store
        _, found = history.past_of(store, str(self.reader.root), self.result.nodeid)
        ran = [one for _, one in found if one.outcome not in ("skipped", "not_run")]
        bad = sum(one.outcome in BAD for one in ran)
        answer = f"It failed in {bad} of {counted(len(ran), 'case')} that ran it" if ran else "No case ran it"
        left = Counter(one.outcome for _, one in found)
        skipped = f"; {counted(left['skipped'], 'case')} skipped it" if left["skipped"] else ""
        shown = [(case, one) for case, one in found if one.outcome != "not_run"]
        return Result(f"{answer}{skipped}.", frames.history(shown), frames.history)

    def source(self) -> Result:
        """The test's own lines, and the line of the app that its failure came from.

        case.test("test_login").source()
        """
        result = Result(
            f"{self.result.nodeid.rpartition('::')[2]} stands at {self._place}.",
            pd.DataFrame(),
            body=excerpts(self.reader.root, [self._place, self._own_frame]),
        )
        return of_today(self.reader, result)

    def cause(self) -> Result:
        """The cause that blocks it.

        case.test("test_login").cause()
        """
        found = [one for one in self.reader.causes if self.result.nodeid in one.tests]
        answer = found[0].title if found else "No cause is named for it."
        return Result(
            answer,
            frames.causes(found, self.reader.facts.case),
            frames.causes,
            shown=("state", "tests blocked", "where", "next step"),
            missing=self.reader.missing("failure_categories"),
        )

    def rerun(self) -> Result:
        """Run it again on the tree as it is now: before and after.

        case.test("test_login").rerun()
        """
        return rerun(self.reader, [self.result.nodeid], 0)

    @property
    def _ended(self) -> str:
        phase = f" in {self.result.phase}" if self.result.phase and self.result.outcome != "passed" else ""
        return f"{self.result.nodeid} {self.result.outcome.replace('_', ' ')}{phase}"

    @property
    def _place(self) -> Location:
        return Location(self.result.path, self.result.line or 1, "test")

    @property
    def _own_frame(self) -> Location | None:
        """The deepest line of the app that the failure came through."""
        chain = self.failure.chain if self.failure else ()
        found = [frame for info in reversed(chain) for frame in reversed(info.frames) if frame.owner == "own"]
        return Location(found[0].path, found[0].line, "where it failed") if found else None

    def _repr_html_(self) -> str:
        ask = "Ask it for `.output()`, `.history()`, `.source()`, `.cause()` or `.rerun()`."
        return showing.page(showing.paragraph(f"{self._ended}.", "a"), showing.paragraph(ask, "n"))

    def __repr__(self) -> str:
        return f"{self._ended}."


def _exception(kind: str, message: str, relation: str) -> str:
    head = f"{relation} {kind}" if relation else kind
    return showing.paragraph(f"`{head}`") + (showing.block(message[:2_000]) if message else "")


def tests_of(reader: CaseReader, nodeids: Collection[str] | None, what: str) -> Things[Test]:
    """The tests with these node ids (``None``: all), in the order in which they ended."""
    wanted = None if nodeids is None else set(nodeids)
    results = [one for one in reader.suite.results if wanted is None or one.nodeid in wanted]
    frame = frames.tests(results, reader.joined.cause_of_test)
    per_file = frame["path"].astype(str).value_counts()
    rows = tuple((str(path), (float(count),)) for path, count in per_file.items())
    bad = any(one.outcome in BAD for one in results)
    bars = Bars(f"Tests {what}, by file", rows, (Series("tests", "failed" if bad else "passed"),))
    return Things(
        f"{counted(len(results), 'test')} in {counted(len(rows), 'file')}." if results else f"There is no test {what}.",
        of_case(frame, reader),
        frames.tests,
        shown=("function", "outcome", "tests", "seconds"),
        table=frames.functions(results),
        table_by=frames.functions,
        of_rows=("test", "outcome", "seconds"),
        missing=reader.missing("test_batches"),
        chart=lambda: bars if rows else None,
        document=lambda: reader.part("tests", "nodeid", [one.nodeid for one in results]),
        things=tuple(Test(reader, one) for one in results),
        names=tuple(one.nodeid for one in results),
        noun="test",
    )
