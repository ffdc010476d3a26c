"""The newest case of a target in which all tests passed: what was installed then, worked."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, func, select

from kit.facts.case import Case
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.store.across import cases_before
from kit.store.schema import COLLECTION_ERRORS, HEADS, OUTCOMES

#: how many cases are looked at, the newest first
_CASES = 20


def read_last_green(connection: Connection, case: Case) -> Case | None:
    """The newest case of the target, earlier than this one, in which all tests ran and nothing went wrong."""
    earlier = cases_before(connection, case)[:_CASES]
    return next((one for one in earlier if _covers(one, case) and _is_green(connection, one.id)), None)


def _covers(earlier: Case, case: Case) -> bool:
    """Whether the suite of the earlier case is not narrowed to fewer test paths."""
    return not earlier.parameters.get("tests") or earlier.parameters["tests"] == case.parameters.get("tests")


def _is_green(connection: Connection, case: str) -> bool:
    head = connection.scalar(select(HEADS.c.fact).where(HEADS.c.case_id == case, HEADS.c.room == "suite"))
    suite = msgspec.convert(head, SuiteFacts) if head else None
    if suite is None or not suite.is_fine or not suite.is_whole:
        return False
    if connection.scalar(select(func.count()).where(COLLECTION_ERRORS.c.case_id == case)):
        return False
    counted = select(OUTCOMES.c.outcome, func.count()).where(OUTCOMES.c.case_id == case).group_by(OUTCOMES.c.outcome)
    outcomes = {str(outcome): int(number) for outcome, number in connection.execute(counted)}
    return outcomes.get("passed", 0) > 0 and not {*BAD, "not_run"}.intersection(outcomes)
