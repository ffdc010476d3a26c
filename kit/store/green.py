"""The newest case of a target in which all tests passed: what was installed then, worked."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, func, select

from kit.facts.case import Case
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.store.schema import CASES, COLLECTION_ERRORS, HEADS, RESULTS

#: how many cases are looked at, the newest first
_CASES = 20


def read_last_green(connection: Connection, root: str, other_than: str) -> Case | None:
    """The newest case of the target at ``root``, other than that one, in which something ran and nothing went wrong."""
    of_root = CASES.c.fact["target"]["root"].as_string() == root
    query = select(CASES.c.id, CASES.c.fact).where(of_root, CASES.c.id != other_than)
    for case, fact in connection.execute(query.order_by(CASES.c.started.desc(), CASES.c.id.desc()).limit(_CASES)):
        if _is_green(connection, case):
            return msgspec.convert(fact, Case)
    return None


def _is_green(connection: Connection, case: str) -> bool:
    head = connection.scalar(select(HEADS.c.fact).where(HEADS.c.case_id == case, HEADS.c.room == "suite"))
    if not head or not msgspec.convert(head, SuiteFacts).is_fine:
        return False
    if connection.scalar(select(func.count()).where(COLLECTION_ERRORS.c.case_id == case)):
        return False
    counted = select(RESULTS.c.outcome, func.count()).where(RESULTS.c.case_id == case).group_by(RESULTS.c.outcome)
    outcomes = {str(outcome): int(number) for outcome, number in connection.execute(counted)}
    return outcomes.get("passed", 0) > 0 and not BAD.intersection(outcomes)
