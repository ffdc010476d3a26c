"""Questions about several cases of one target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, or_, select

from kit.facts.case import Case
from kit.facts.outcomes import BAD, Outcome
from kit.facts.suite import RecheckVerdict, TestResult
from kit.store.schema import CASES, CAUSES, RESULTS

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


@dataclass(frozen=True)
class TestRow:
    """How a test ended in a case; ``alone`` says what it did when it was run again."""

    __test__ = False

    case: str
    nodeid: str
    outcome: Outcome
    alone: RecheckVerdict | None = None


def rows_of_once_bad(connection: Connection, cases: Sequence[str]) -> tuple[TestRow, ...]:
    """How the tests that failed in any of these cases ended in each of them."""
    table = RESULTS.c
    bad = select(table.nodeid).where(table.case_id.in_(cases), table.outcome.in_(sorted(BAD))).distinct()
    query = select(table.case_id, table.nodeid, table.outcome, table.fact["alone"].as_string()).where(
        table.case_id.in_(cases), table.nodeid.in_(bad)
    )
    return tuple(TestRow(*row) for row in connection.execute(query))


def newest_with(connection: Connection, nodeid: str) -> str | None:
    """The newest case that has a result of this test."""
    query = select(CASES.c.id).join(RESULTS, CASES.c.id == RESULTS.c.case_id).where(RESULTS.c.nodeid == nodeid)
    return connection.scalar(query.order_by(CASES.c.started.desc(), CASES.c.id.desc()).limit(1))


def once_bad(connection: Connection, cases: Sequence[str]) -> frozenset[str]:
    """The tests that failed in any of these cases."""
    table = RESULTS.c
    query = select(table.nodeid).where(table.case_id.in_(cases), table.outcome.in_(sorted(BAD))).distinct()
    return frozenset(connection.scalars(query))
