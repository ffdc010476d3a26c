"""Questions about several cases of one target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, func, or_, select

from kit.facts.case import Case
from kit.facts.outcomes import BAD, Outcome
from kit.facts.suite import TestResult
from kit.store.schema import CASES, CAUSES, COLLECTION_ERRORS, RESULTS

if TYPE_CHECKING:
    from kit.facts.causes import Cause


def cases_before(connection: Connection, case: Case) -> tuple[Case, ...]:
    """The cases of the target that began earlier, newest first."""
    table = CASES.c
    earlier = or_(table.started < case.started, (table.started == case.started) & (table.id < case.id))
    query = (
        select(table.fact)
        .where(table.fact["target"]["root"].as_string() == case.target.root, earlier)
        .order_by(table.started.desc(), table.id.desc())
    )
    return tuple(msgspec.convert(list(connection.scalars(query)), list[Case]))


def causes_of(connection: Connection, cases: Sequence[str]) -> dict[str, tuple[Cause, ...]]:
    """The causes of these cases, by the id of the case."""
    from kit.facts.causes import Cause  # a run in which nothing fails needs none

    table = CAUSES.c
    query = select(table.case_id, table.fact).where(table.case_id.in_(cases)).order_by(table.position)
    found: dict[str, list[Cause]] = {}
    for case, fact in connection.execute(query):
        found.setdefault(case, []).append(msgspec.convert(fact, Cause))
    return {case: tuple(causes) for case, causes in found.items()}


@dataclass(frozen=True)
class Ended:
    """How the tests of a case ended: how many had each outcome, and how many files could not be collected."""

    outcomes: dict[Outcome, int] = field(default_factory=dict)
    uncollected: int = 0


def outcomes(connection: Connection) -> dict[str, Ended]:
    """How the tests of each case ended, by the id of the case."""
    table, errors = RESULTS.c, COLLECTION_ERRORS.c
    query = select(table.case_id, table.outcome, func.count()).group_by(table.case_id, table.outcome)
    found: dict[str, dict[Outcome, int]] = {}
    for case, outcome, count in connection.execute(query):
        found.setdefault(case, {})[outcome] = count
    files = select(errors.case_id, func.count()).group_by(errors.case_id)
    uncollected = {str(case): int(count) for case, count in connection.execute(files)}
    return {case: Ended(found.get(case, {}), uncollected.get(case, 0)) for case in found.keys() | uncollected.keys()}


def results_of(connection: Connection, nodeid: str, root: str) -> tuple[tuple[Case, TestResult], ...]:
    """How a test ended in each case of the target at ``root``, the newest case first."""
    table = RESULTS.c
    query = (
        select(CASES.c.fact, table.fact)
        .join(CASES, CASES.c.id == table.case_id)
        .where(table.nodeid == nodeid, CASES.c.fact["target"]["root"].as_string() == root)
        .order_by(CASES.c.started.desc(), CASES.c.id.desc(), table.position)
    )
    rows = connection.execute(query).all()
    return tuple((msgspec.convert(case, Case), msgspec.convert(result, TestResult)) for case, result in rows)


def once_bad(connection: Connection, cases: Sequence[str]) -> frozenset[str]:
    """The tests that failed in any of these cases."""
    table = RESULTS.c
    query = select(table.nodeid).where(table.case_id.in_(cases), table.outcome.in_(sorted(BAD))).distinct()
    return frozenset(connection.scalars(query))
