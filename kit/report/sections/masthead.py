"""What broke, in which target, and how much of the suite it blocks."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.target import Target
from kit.report.joined import Joined
from kit.report.status import GLOSSES, Status, status_of, title_of, unfinished


@dataclass(frozen=True)
class Masthead:
    """The first cause, if there is one, blocks ``blocked`` of ``collected`` tests and ``uncollectable`` files.

    ``gloss`` says what the status means.
    """

    status: Status
    gloss: str
    title: str
    unfinished: tuple[str, ...]
    has_cause: bool
    blocked: int
    collected: int | None
    uncollectable: int
    hides: int
    more: int
    versions: tuple[tuple[str, str], ...]


def view(joined: Joined) -> Masthead:
    """The page's head."""
    facts, first = joined.facts, joined.causes[0] if joined.causes else None
    return Masthead(
        status=status_of(facts),
        gloss=GLOSSES[status_of(facts)],
        title=title_of(facts),
        unfinished=unfinished(facts),
        has_cause=first is not None,
        blocked=first.tests_blocked if first else 0,
        collected=joined.accounting.collected if joined.accounting else None,
        uncollectable=len(first.uncollectable) if first else 0,
        hides=len(joined.hidden_by(first)) if first else 0,
        more=max(len(joined.causes) - 1, 0),
        versions=_versions(facts.case.target, facts.suite.pytest_version if facts.suite else None),
    )


def _versions(target: Target, pytest: str | None) -> tuple[tuple[str, str], ...]:
    versions = (
        ("Target", target.name),
        ("Revision", _revision(target)),
        ("Python", target.interpreter.version if target.interpreter else "no interpreter"),
        ("SQLAlchemy", target.package("sqlalchemy")),
        ("pytest", pytest or target.package("pytest")),
    )
    return tuple((label, value) for label, value in versions if value)


def _revision(target: Target) -> str:
    return target.state or "not under version control"
