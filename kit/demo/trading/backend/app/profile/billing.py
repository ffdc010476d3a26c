"""Prices, proration and renewal dates."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from backend.app.core.clock import days_in_month
from backend.app.core.errors import Invalid
from backend.app.core.money import to_cents
from backend.app.quotas.plans import Plan

MONTHLY: dict[Plan, Decimal] = {
    Plan.FREE: Decimal("0.00"),
    Plan.STARTER: Decimal("9.00"),
    Plan.PRO: Decimal("39.00"),
    Plan.DESK: Decimal("149.00"),
}
MONTHS_PAID_PER_YEAR = 10
TAX_PERCENT = {"US": 0, "DE": 19, "FR": 20, "GB": 20, "CH": 8, "JP": 10}


class Cycle(StrEnum):
    MONTHLY = "monthly"
    YEARLY = "yearly"


def price(plan: Plan, cycle: Cycle = Cycle.MONTHLY) -> Decimal:
    """Net price of one cycle; a year costs ten months."""
    return MONTHLY[plan] * (1 if cycle is Cycle.MONTHLY else MONTHS_PAID_PER_YEAR)


def tax(net: Decimal, country: str) -> Decimal:
    if country not in TAX_PERCENT:
        raise Invalid(f"we cannot bill in {country!r}")
    return to_cents(net * TAX_PERCENT[country] / 100)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, days_in_month(first)))


def renewal(started_on: date, cycle: Cycle, periods: int = 1) -> date:
    """Counted from the start, so that the 31st comes back after a short month."""
    return add_months(started_on, periods * (1 if cycle is Cycle.MONTHLY else 12))


def proration(old: Plan, new: Plan, *, started_on: date, renews_on: date, changed_on: date) -> Decimal:
    """What a change in mid-cycle costs, to the cent; negative is a credit."""
    if not started_on <= changed_on <= renews_on:
        raise Invalid("the change must fall into the billing cycle")
    share = Decimal((renews_on - changed_on).days) / Decimal((renews_on - started_on).days)
    return to_cents((MONTHLY[new] - MONTHLY[old]) * share)
