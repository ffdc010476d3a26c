"""What a file says about its run as a whole, compared with what kit counted in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.facts.wording import counted
from kit.suite.ingest.recorded import RecordedOutcome, TestName, Uncollectable

#: pytest's exit statuses (``pytest.ExitCode``) that mean that a run ended early, whatever its tests did
_EARLY: Mapping[int, str] = {
    2: "pytest was interrupted (exit status 2): tests may be missing.",
    3: "pytest itself failed during the recorded run (exit status 3).",
    4: "pytest did not accept its command line or configuration (exit status 4).",
}
_NO_TESTS = 5


@dataclass(frozen=True)
class Bad:
    """How many failed tests and uncollectable files kit found in a file."""

    tests: int
    files: int

    @classmethod
    def of(cls, seen: Iterable[RecordedOutcome], uncollectable: Iterable[Uncollectable]) -> Bad:
        """Count them; an attempt that was repeated does not count."""
        tests: set[TestName] = set()
        for one in seen:
            if one.begins:
                tests.discard(one.name)
            if one.outcome in ("failed", "error"):
                tests.add(one.name)
        return cls(len(tests), len({one.name for one in uncollectable}))


def of_exit_status(status: object, bad: Bad) -> tuple[str, ...]:
    """Compare pytest's exit status with the failures in the file; a sentence for a difference."""
    if not isinstance(status, int) or isinstance(status, bool) or status in (0, _NO_TESTS):
        return ()
    if status == 2 and bad.files and not bad.tests:
        return ("pytest stopped because files could not be collected (exit status 2): tests were not run.",)
    if status in _EARLY:
        return (_EARLY[status],)
    if bad.tests or bad.files:
        return ()
    return (f"pytest ended with exit status {status}, and the file holds no failure that would explain it.",)


def of_counts(said: Mapping[str, object], found: Mapping[str, int]) -> tuple[str, ...]:
    """Compare the counts that a file gives with what kit counted in it; a sentence that lists the differences.

    A count that the file does not give as a number is not compared.
    """
    wrong = [
        f"{counted(told, 'test')} {what}, and kit counts {found[what]:,}"
        for what, told in said.items()
        if isinstance(told, int) and not isinstance(told, bool) and told != found[what]
    ]
    return (f"The file does not agree with itself: it says {'; '.join(wrong)}.",) if wrong else ()
