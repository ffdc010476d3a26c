"""The cases in a line each. What a line needs is kept beside the facts: counting six million outcomes takes minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal, TypeVar, get_args

import msgspec
from sqlalchemy import Connection, select

from kit.facts.case import Case, Stage
from kit.facts.outcomes import Outcome
from kit.facts.overview import CaseLine, Judged, NamedCause, OutcomeCounts
from kit.facts.suite import SuiteFacts
from kit.store.schema import CASES, HEADS, STAGES

#: the rows of the heads that a line is made of
Short = Literal["ended", "named", "judged"]

T = TypeVar("T")


def ended(suite: SuiteFacts) -> OutcomeCounts:
    """How the tests of a suite ended."""
    counts: dict[Outcome, int] = Counter(result.outcome for result in suite.results)
    return OutcomeCounts(dict(counts), len(suite.collection_errors), suite.seconds, suite.is_whole)


def read_lines(connection: Connection, root: str = "") -> tuple[CaseLine, ...]:
    """All cases, or those of the target at ``root``, newest first."""
    cases = read_cases(connection, root)
    heads: dict[str, dict[str, Any]] = {room: {} for room in get_args(Short)}
    table = HEADS.c
    rows = select(table.case_id, table.room, table.fact).where(table.room.in_(get_args(Short)))
    for case, room, fact in connection.execute(rows):
        heads[room][case] = fact
    stages = read_stages(connection)
    endings = _converted(heads["ended"], OutcomeCounts)
    named = _converted(heads["named"], tuple[NamedCause, ...])
    judged = _converted(heads["judged"], Judged)
    return tuple(
        CaseLine(
            case,
            stages.get(case.id, ()),
            endings.get(case.id, OutcomeCounts()),
            named.get(case.id),
            judged.get(case.id),
        )
        for case in cases
    )


def _converted(facts: dict[str, Any], fact: type[T]) -> dict[str, T]:
    return {case: msgspec.convert(one, fact) for case, one in facts.items()}


def read_cases(connection: Connection, root: str = "") -> list[Case]:
    """The heads of all cases, or of those of the target at ``root``, newest first."""
    query = select(CASES.c.fact).order_by(CASES.c.started.desc(), CASES.c.id.desc())
    if root:
        query = query.where(CASES.c.fact["target"]["root"].as_string() == root)
    return msgspec.convert(list(connection.scalars(query)), list[Case])


def read_stages(connection: Connection) -> dict[str, tuple[Stage, ...]]:
    """The stages of every case in their order, by its id."""
    found: dict[str, list[Any]] = {}
    for case, fact in connection.execute(select(STAGES.c.case_id, STAGES.c.fact).order_by(STAGES.c.position)):
        found.setdefault(case, []).append(fact)
    return {case: tuple(msgspec.convert(facts, list[Stage])) for case, facts in found.items()}


def named(causes: Sequence[Any]) -> list[NamedCause]:
    """The causes in short."""
    return [NamedCause(one.id, one.title, len(one.tests), len(one.uncollectable)) for one in causes]
