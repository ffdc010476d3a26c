"""Plans and what they include."""

import pytest

from backend.app.quotas.plans import Operation, Plan, limit_for, remaining, smallest_plan_for

LIMITS = {
    Operation.ORDER: (20, 200, 2000, None),
    Operation.REPORT: (2, 10, 100, None),
    Operation.EXPORT: (0, 2, 25, 250),
    Operation.SIGNAL: (5, 50, 500, None),
    Operation.WALLET_CHECK: (3, 20, 200, 1000),
}
ORDER = list(Plan)


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("operation", Operation)
def test_plan_limits(plan: Plan, operation: Operation) -> None:
    assert limit_for(plan, operation) == LIMITS[operation][ORDER.index(plan)]


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("used", [1, 5000])
def test_what_remains_is_never_negative(plan: Plan, operation: Operation, used: int) -> None:
    limit = LIMITS[operation][ORDER.index(plan)]
    left = remaining(plan, operation, used)
    assert left is None if limit is None else left == (limit - used if limit > used else 0)


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("per_day", [2, 21, 1001])
def test_smallest_plan_that_is_enough(operation: Operation, per_day: int) -> None:
    enough = [limit is None or limit >= per_day for limit in LIMITS[operation]]
    expected = ORDER[enough.index(True)] if any(enough) else None
    assert smallest_plan_for(operation, per_day) is expected
