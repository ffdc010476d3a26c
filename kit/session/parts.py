"""The parts of a case that are frames: outcomes, warnings, findings, fixes."""

from __future__ import annotations

from kit.session import answers, fix_answers, source_answers
from kit.session.reader import CaseReader
from kit.session.result import Result


class Parts:
    """The parts of a case whose rows have no questions of their own."""

    def __init__(self, reader: CaseReader) -> None:
        """``reader`` reads the case."""
        self.reader = reader

    def slowest(self, rows: int = 10) -> Result:
        """The slowest tests.

        case.slowest(20)
        """
        return answers.slowest(self.reader, rows)

    def flaky(self) -> Result:
        """The tests that pass and fail at one revision, over all cases of the app.

        case.flaky()
        """
        return answers.flaky(self.reader)

    @property
    def outcomes(self) -> Result:
        """How many tests had each outcome; the numbers add up to what was collected.

        case.outcomes
        """
        return answers.outcomes(self.reader)

    @property
    def uncollectable(self) -> Result:
        """The test files that could not be collected.

        case.uncollectable
        """
        return answers.uncollectable(self.reader)

    @property
    def rechecks(self) -> Result:
        """What failing tests did when they were run once more: alone, in order, and beside others.

        case.rechecks
        """
        return answers.rechecks(self.reader)

    @property
    def left_running(self) -> Result:
        """The processes that tests left behind.

        case.left_running
        """
        return answers.left_running(self.reader)

    @property
    def warnings(self) -> Result:
        """The warnings that the tests gave, each distinct one once.

        case.warnings.query("count > 10")
        """
        return answers.warnings(self.reader)

    @property
    def coverage(self) -> Result:
        """The lines that the tests cover, by file, where that was measured.

        case.coverage.query("percent < 50")
        """
        return answers.coverage(self.reader)

    @property
    def findings(self) -> Result:
        """What the source and the registries show without a test.

        case.findings.query("severity == 'blocks now'")
        """
        return source_answers.findings(self.reader)

    @property
    def importers(self) -> Result:
        """The places that import the modules that the findings name.

        case.importers.query("role == 'production'")
        """
        return source_answers.importers(self.reader)

    @property
    def fixes(self) -> Result:
        """Fix after fix, and how many tests pass with them.

        case.fixes
        """
        return fix_answers.fixes(self.reader)

    @property
    def fix_options(self) -> Result:
        """Every option that was tried, and what it did by itself.

        case.fix_options.query("broken > 0")
        """
        return fix_answers.fix_options(self.reader)
