"""Plans and what each includes."""

from enum import StrEnum


class Plan(StrEnum):
    FREE = "free"
    STARTER = "starter"
    PRO = "pro"
    DESK = "desk"


class Operation(StrEnum):
    ORDER = "order"
    REPORT = "report"
    EXPORT = "export"
    SIGNAL = "signal"
    WALLET_CHECK = "wallet-check"


UNLIMITED = None

LIMITS: dict[Plan, dict[Operation, int | None]] = {
    Plan.FREE: {
        Operation.ORDER: 20, Operation.REPORT: 2, Operation.EXPORT: 0,
        Operation.SIGNAL: 5, Operation.WALLET_CHECK: 3,
    },
    Plan.STARTER: {
        Operation.ORDER: 200, Operation.REPORT: 10, Operation.EXPORT: 2,
        Operation.SIGNAL: 50, Operation.WALLET_CHECK: 20,
    },
    Plan.PRO: {
        Operation.ORDER: 2_000, Operation.REPORT: 100, Operation.EXPORT: 25,
        Operation.SIGNAL: 500, Operation.WALLET_CHECK: 200,
    },
    Plan.DESK: {
        Operation.ORDER: UNLIMITED, Operation.REPORT: UNLIMITED, Operation.EXPORT: 250,
        Operation.SIGNAL: UNLIMITED, Operation.WALLET_CHECK: 1_000,
    },
}  # fmt: skip


def limit_for(plan: Plan, operation: Operation) -> int | None:
    """How often a day; None means without limit."""
    return LIMITS[plan][operation]


def remaining(plan: Plan, operation: Operation, used: int) -> int | None:
    limit = limit_for(plan, operation)
    return UNLIMITED if limit is UNLIMITED else max(limit - used, 0)


def smallest_plan_for(operation: Operation, per_day: int) -> Plan | None:
    """The cheapest plan that allows that many a day; None when no plan does."""
    for plan in Plan:
        limit = limit_for(plan, operation)
        if limit is UNLIMITED or limit >= per_day:
            return plan
    return None
