"""What changed from one case of a target to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kit.facts.causes import Cause
from kit.facts.outcomes import FINE, Outcome
from kit.facts.places import Location
from kit.facts.wording import counted

#: of a cause or a test in the later case: first seen there · seen in both · of the earlier one, and gone · back after
#: it was fixed · differs by chance · of the earlier one, and the later one does not show what became of it
Change = Literal["new", "known", "fixed", "regressed", "flaky", "unseen"]

#: causes are fixed, nothing broke, and no cause is left · the same, but some are left, or may be · something broke ·
#: neither · the later case does not show it
CompareVerdict = Literal["RESOLVED", "PARTLY RESOLVED", "WORSE", "UNCHANGED", "UNKNOWN"]

_BROKE: tuple[Change, ...] = ("new", "regressed")

#: at most this many causes that are left are named in a sentence
_NAMED = 2


@dataclass(frozen=True)
class CaseMoment:
    """Which case, when it began, and at which revision of the target."""

    id: str
    started: str
    revision: str | None = None
    dirty: bool | None = None

    @property
    def place(self) -> str:
        """``"monday (1a2b3c4d5e6f)"``."""
        edited = " with changes" if self.dirty else ""
        return f"{self.id} ({self.revision[:12]}{edited})" if self.revision else self.id


@dataclass(frozen=True)
class CauseChange:
    """A cause in two cases. ``before`` and ``after`` are the tests and files that it stops (``None``: not named there).

    ``since`` is the first case that named it, where an earlier case than the compared ones is known. ``why`` says why
    it is ``unseen``.
    """

    change: Change
    cause: Cause
    before: int | None
    after: int | None
    since: CaseMoment | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class TestChange:
    """A test that failed in one of two cases, or in both."""

    __test__ = False

    change: Change
    nodeid: str
    before: Outcome | None
    after: Outcome | None


@dataclass(frozen=True)
class CategoryChange:
    """How many tests of a category failed before and after."""

    key: str
    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class SlowerTest:
    """A test that passes in both cases and takes much longer in the later one; in seconds."""

    nodeid: str
    before: float
    after: float


@dataclass(frozen=True)
class Commit:
    """A commit: its day as ISO 8601, its subject, its author, and the paths below the root that it changes (``None``:
    git did not tell them).
    """

    id: str
    day: str
    subject: str
    author: str
    files: tuple[str, ...] | None

    def in_words(self, *, with_author: bool = False) -> str:
        """``1a2b3c4d5e6f, 12 November 2026, "Users get a module", 3 files``."""
        day = datetime.fromisoformat(self.day) if self.day else None
        parts = [self.id[:12], f"{day.day} {day:%B %Y}" if day else "on an unknown day", f'"{self.subject}"']
        parts += [self.author] if with_author else []
        parts += [counted(len(self.files), "file")] if self.files is not None else []
        return ", ".join(parts)


@dataclass(frozen=True)
class VariableDifference:
    """The first variable that differs between a failing and a passing run of a test. ``beside`` is the passing test, if
    it is another one.
    """

    name: str
    function: str
    place: Location
    value: str
    was: str
    beside: str = ""

    @property
    def sentence(self) -> str:
        """``"rebate in price (shop/prices.py:8) is 2, and was 1"``."""
        other = f"{self.was} in {self.beside}" if self.beside else f"was {self.was}"
        return f"{self.name} in {self.function} ({self.place}) is {self.value}, and {other}"


@dataclass(frozen=True)
class Introduction:
    """When a cause came. ``commit`` is the first that shows it; ``None`` when the case's own commit does not, and
    ``why`` says so.

    ``untested`` are commits that may have brought it as well, since no test could tell: those right before it. With
    ``is_likeliest`` they lie on both sides of ``commit``, which alone of them all changes a file behind the cause. With
    ``is_oldest`` no older commit is without it. ``tested`` commits were looked at, ``skipped`` of them could not be
    tested, and ``how`` says by what. ``differs`` is the first variable of the test that the commit changed.
    """

    cause: str
    commit: Commit | None
    untested: tuple[str, ...] = ()
    is_likeliest: bool = False
    is_oldest: bool = False
    tested: int = 0
    skipped: int = 0
    how: Literal["source", "test"] = "source"
    why: str = ""
    differs: VariableDifference | None = None

    @property
    def others(self) -> str:
        """``"13 commits before it that were not tested"``, which may have brought the cause as well."""
        number = counted(len(self.untested), "commit")
        if self.is_likeliest:
            return f"{number} beside it that no test could tell from it; none of them changes a file behind the cause"
        return f"{number} before it that were not tested"

    @property
    def in_words(self) -> str:
        """The commit without its author, what is not certain of it, and what it changed for the test; else why none is
        named.
        """
        if self.commit is None:
            return f"not known: {self.why}"
        text = self.commit.in_words()
        if self.untested:
            text += f", or one of {self.others}"
        text += f"; {self.differs.sentence}" if self.differs else ""
        return f"at least since {text}" if self.is_oldest else f"since {text}"


@dataclass(frozen=True)
class CaseComparison:
    """Two cases of one target. ``gone`` are tests that only the earlier case collected. ``started`` is false when the
    earlier case has outcomes of tests and the later one has none. ``renamed`` are tests that the later one's pytest
    (``pytest_version``) names in another way: the later node id by the earlier one. Everything else has the later ids.
    """

    before: CaseMoment
    after: CaseMoment
    causes: tuple[CauseChange, ...] = ()
    tests: tuple[TestChange, ...] = ()
    gone: tuple[str, ...] = ()
    categories: tuple[CategoryChange, ...] = ()
    slower: tuple[SlowerTest, ...] = ()
    started: bool = True
    renamed: Mapping[str, str] = field(default_factory=dict)
    pytest_version: str = ""

    def causes_that_are(self, change: Change) -> tuple[CauseChange, ...]:
        """The causes with this change, in the order of their rank."""
        return tuple(one for one in self.causes if one.change == change)

    @property
    def broken(self) -> tuple[TestChange, ...]:
        """Tests that were fine before and are not any more."""
        return tuple(one for one in self.tests if one.change in _BROKE and one.before in FINE)

    @property
    def remaining(self) -> tuple[CauseChange, ...]:
        """The causes of the earlier case that the later one has too."""
        return tuple(one for one in self.causes if one.before is not None and one.after is not None)

    @property
    def verdict(self) -> CompareVerdict:
        """Whether the later case resolves the earlier one, in one word."""
        if not self.started:
            return "UNKNOWN"
        if self.broken or any(one.change in _BROKE for one in self.causes):
            return "WORSE"
        if self.causes_that_are("fixed"):
            return "PARTLY RESOLVED" if self.remaining or self.causes_that_are("unseen") else "RESOLVED"
        return "UNKNOWN" if self.causes_that_are("unseen") else "UNCHANGED"

    @property
    def sentence(self) -> str:
        """The verdict with its counts, and what is left.

        ``"PARTLY RESOLVED: 1 cause fixed, 1 known, no test broken; still there: no bread"``.
        """
        if not self.started:
            return f"UNKNOWN: no test of {self.after.id} ran, so nothing is known of what changed"
        counts: Mapping[Change, int] = {
            one: len(self.causes_that_are(one)) for one in ("fixed", "new", "regressed", "known", "flaky", "unseen")
        }
        told = [f"{number:,} {change}" for change, number in counts.items() if number]
        if told:
            number, _, change = told[0].partition(" ")
            told[0] = f"{counted(int(number.replace(',', '')), 'cause')} {change}"
        broken = f"{counted(len(self.broken), 'test')} broken" if self.broken else "no test broken"
        words = [*(told or ["no cause in either case"]), broken]
        return f"{self.verdict}: {', '.join(words)}{self._left}{self._of_other_ids}"

    @property
    def _of_other_ids(self) -> str:
        if not self.renamed:
            return ""
        have = "has another id" if len(self.renamed) == 1 else "have other ids"
        return f"; {counted(len(self.renamed), 'test')} {have} under pytest {self.pytest_version}"

    @property
    def _left(self) -> str:
        """What is left after some causes were fixed, as the end of the sentence."""
        if self.verdict == "RESOLVED":
            return ", no cause left"
        if self.verdict != "PARTLY RESOLVED" or not self.remaining:
            return ""
        titles = [one.cause.title for one in self.remaining]
        more = f" and {counted(len(titles) - _NAMED, 'more cause')}" if len(titles) > _NAMED else ""
        return f"; still there: {'; '.join(titles[:_NAMED])}{more}"
