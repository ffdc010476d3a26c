"""Named defects, and the evidence that links them to failures."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from kit.facts.places import Location

#: confirmed: a trial showed it · consistent: facts fit and none contradicts · unknown
State = Literal["confirmed", "consistent", "unknown"]


@dataclass(frozen=True)
class Evidence:
    """One fact that supports a cause, with the place or the anchor in the report where it can be checked."""

    text: str
    location: Location | None = None
    anchor: str | None = None


#: stand in a command for the target's folder and for the case, which no fact of a cause knows
PATH, CASE = "PATH", "CASE"
#: leads to a command that shows whether a cause is gone
CHECK = "Then check with"


@dataclass(frozen=True)
class NextStep:
    """What to do about a cause: ``text``, in sentences, and the words of one command, ``argv``, which is empty where no
    command helps. ``lead`` says what the command is for. ``PATH`` and ``CASE`` stand in it until it is shown.
    """

    text: str = ""
    argv: tuple[str, ...] = ()
    lead: str = CHECK

    @property
    def command(self) -> str:
        """The command as a shell takes it."""
        return shlex.join(self.argv)

    def with_words(self, words: Mapping[str, str]) -> NextStep:
        """The step with some words of its command replaced: by what stands for ``PATH``, for instance."""
        return replace(self, argv=tuple(words.get(word, word) for word in self.argv))

    def after(self, text: str) -> NextStep:
        """The step with sentences before its own."""
        return replace(self, text=f"{text} {self.text}")

    def __str__(self) -> str:
        return " ".join([self.text, *([f"{self.lead}: {self.command}"] if self.argv else [])])


@dataclass(frozen=True)
class Excerpt:
    """Lines of a source file, the first of which has the number ``first``; ``marked`` are the numbers of those that
    matter.
    """

    path: str
    first: int
    lines: tuple[str, ...]
    marked: tuple[int, ...]

    @property
    def numbered(self) -> tuple[tuple[int, str, bool], ...]:
        """Each line with its number, and whether it matters."""
        return tuple((number, line, number in self.marked) for number, line in enumerate(self.lines, start=self.first))


@dataclass(frozen=True)
class Cause:
    """A named defect at ``path:line``.

    ``tests`` are the node ids that it blocks as far as the run showed (``tests_blocked`` is their number),
    ``first_hand`` of them show the root error itself and not a follow-on. ``uncollectable`` are files that cannot be
    collected because of it. ``hidden_behind`` is the id of the cause that keeps this one from being seen, ``waiting``
    the number of tests that stop at that other cause and would meet this one next, as far as the facts tell
    (``None``: not known). ``further`` is the number of its own tests, or else files, that would meet another cause next
    if this one were fixed, as far as the facts show (``None``: not known).
    """

    id: str
    kind: str
    title: str
    state: State
    locations: tuple[Location, ...]
    tests: tuple[str, ...] = ()
    first_hand: int = 0
    uncollectable: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    next_step: NextStep = NextStep()
    hidden_behind: str | None = None
    waiting: int | None = None
    further: int | None = None
    #: the lines that its places name, as they were when it was named
    excerpts: tuple[Excerpt, ...] = ()
    #: whom its places belong to by CODEOWNERS
    owners: tuple[str, ...] = ()

    @property
    def concerns(self) -> str:
        """``" (concerns @money)"``; empty where nobody owns its places."""
        return f" (concerns {', '.join(self.owners)})" if self.owners else ""

    @property
    def placed_title(self) -> str:
        """The title, with the place to look at first behind it in brackets."""
        return f"{self.title}  ({self.locations[0]})" if self.locations else self.title

    @property
    def tests_blocked(self) -> int:
        """How many collected tests it blocks, as far as the run showed."""
        return len(self.tests)
