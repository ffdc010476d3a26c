"""Questions about several cases of one target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, or_, select

from kit.facts.case import Case
from kit.facts.outcomes import BAD
from kit.facts.suite import TestRow
from kit.store.schema import CASES, CAUSES, HEADS, OUTCOMES

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.history import Introduction

#: at most this many node ids stand in one query
_AT_ONCE = 500

_ROW = [OUTCOMES.c[name] for name in ("case_id", "nodeid", "outcome", "seconds", "alone", "reason")]


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


def introductions_of(connection: Connection, cases: Sequence[str]) -> dict[str, dict[str, Introduction]]:
    """The commits that were found for causes of these cases, by the id of the case and of the cause."""
    from kit.facts.history import Introduction  # few readers need it

    query = select(HEADS.c.case_id, HEADS.c.fact).where(HEADS.c.case_id.in_(cases), HEADS.c.room == "introductions")
    return {
        case: {one.cause: one for one in msgspec.convert(fact, list[Introduction])}
        for case, fact in connection.execute(query)
    }


def results_of(connection: Connection, nodeid: str, root: str) -> tuple[tuple[Case, TestRow], ...]:
    """How a test ended in each case of the target at ``root``, the newest case first."""
    query = (
        select(CASES.c.fact, *_ROW)
        .join(OUTCOMES, CASES.c.id == OUTCOMES.c.case_id)
        .where(OUTCOMES.c.nodeid == nodeid, CASES.c.fact["target"]["root"].as_string() == root)
        .order_by(CASES.c.started.desc(), CASES.c.id.desc(), OUTCOMES.c.position)
    )
    return tuple((msgspec.convert(case, Case), TestRow(*row)) for case, *row in connection.execute(query))


def rows_of_once_bad(connection: Connection, cases: Sequence[str]) -> tuple[TestRow, ...]:
    """How the tests that failed in any of these cases ended in each of them."""
    table = OUTCOMES.c
    bad = select(table.nodeid).where(table.case_id.in_(cases), table.outcome.in_(sorted(BAD))).distinct()
    query = select(*_ROW).where(table.case_id.in_(cases), table.nodeid.in_(bad))
    return tuple(TestRow(*row) for row in connection.execute(query))


def rows_of(connection: Connection, nodeids: Sequence[str], cases: Sequence[str]) -> tuple[TestRow, ...]:
    """How these tests ended in each of these cases; a query takes a limited number of them."""
    table, found = OUTCOMES.c, list[TestRow]()
    for start in range(0, len(nodeids), _AT_ONCE):
        query = select(*_ROW).where(table.case_id.in_(cases), table.nodeid.in_(nodeids[start : start + _AT_ONCE]))
        found += [TestRow(*row) for row in connection.execute(query)]
    return tuple(found)


def parametrised(connection: Connection, cases: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Case and node id of each parametrised test of these cases, in the order of their results."""
    table = OUTCOMES.c
    query = select(table.case_id, table.nodeid).where(table.case_id.in_(cases), table.nodeid.contains("["))
    return tuple((case, nodeid) for case, nodeid in connection.execute(query.order_by(table.case_id, table.position)))


def newest_with(connection: Connection, nodeid: str) -> str | None:
    """The newest case that has a result of this test."""
    query = select(CASES.c.id).join(OUTCOMES, CASES.c.id == OUTCOMES.c.case_id).where(OUTCOMES.c.nodeid == nodeid)
    return connection.scalar(query.order_by(CASES.c.started.desc(), CASES.c.id.desc()).limit(1))


def once_bad(connection: Connection, cases: Sequence[str]) -> frozenset[str]:
    """The tests that failed in any of these cases."""
    table = OUTCOMES.c
    query = select(table.nodeid).where(table.case_id.in_(cases), table.outcome.in_(sorted(BAD))).distinct()
    return frozenset(connection.scalars(query))
