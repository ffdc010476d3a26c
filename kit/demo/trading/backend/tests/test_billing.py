"""Prices, taxes, renewal dates and proration."""

from datetime import date
from decimal import Decimal

import pytest

from backend.app.core.errors import Invalid
from backend.app.profile.billing import Cycle, add_months, price, proration, renewal, tax
from backend.app.quotas.plans import Plan

D = Decimal
MONTHLY = {Plan.FREE: "0", Plan.STARTER: "9", Plan.PRO: "39", Plan.DESK: "149"}


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize(("cycle", "months"), [(Cycle.MONTHLY, 1), (Cycle.YEARLY, 10)])
def test_a_year_costs_ten_months(plan: Plan, cycle: Cycle, months: int) -> None:
    assert price(plan, cycle) == D(MONTHLY[plan]) * months


@pytest.mark.parametrize(
    ("country", "of_hundred", "of_cents"),
    [("US", "0", "0"), ("DE", "19", "0.19"), ("FR", "20", "0.20"), ("GB", "20", "0.20"), ("CH", "8", "0.08"), ("JP", "10", "0.10")],
)  # fmt: skip
def test_tax_depends_on_the_country(country: str, of_hundred: str, of_cents: str) -> None:
    assert tax(D(100), country) == D(of_hundred)
    assert tax(D("1.01"), country) == D(of_cents)


@pytest.mark.parametrize("country", ["", "us", "XX", "GER"])
def test_unknown_countries_cannot_be_billed(country: str) -> None:
    with pytest.raises(Invalid, match="we cannot bill in"):
        tax(D(10), country)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-15", 1, "2026-02-15"), ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 2, "2026-03-31"), ("2026-12-31", 2, "2027-02-28"), ("2026-11-30", 3, "2027-02-28"),
        ("2026-05-31", 1, "2026-06-30"), ("2026-03-30", 11, "2027-02-28"), ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"), ("2026-06-01", 0, "2026-06-01"), ("2026-03-31", -1, "2026-02-28"),
    ],
)  # fmt: skip
def test_months_keep_the_day_where_they_can(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize("day", ["2026-01-31", "2026-02-14", "2024-02-29"])
@pytest.mark.parametrize("periods", [1, 2, 12, 13])
def test_renewal_is_counted_from_the_start(day: str, periods: int) -> None:
    start = date.fromisoformat(day)
    assert renewal(start, Cycle.MONTHLY, periods) == add_months(start, periods)
    assert renewal(start, Cycle.YEARLY, periods) == add_months(start, 12 * periods)


@pytest.mark.parametrize("old", Plan)
@pytest.mark.parametrize("new", Plan)
@pytest.mark.parametrize("left", [0, 10])
def test_change_costs_the_share_of_the_days_that_are_left(old: Plan, new: Plan, left: int) -> None:
    due = proration(
        old, new, started_on=date(2026, 4, 1), renews_on=date(2026, 5, 1), changed_on=date.fromordinal(date(2026, 5, 1).toordinal() - left)
    )  # fmt: skip
    assert due == round((D(MONTHLY[new]) - D(MONTHLY[old])) * left / 30, 2)


@pytest.mark.parametrize("changed_on", ["2026-03-31", "2026-05-02", "2025-04-15"])
def test_change_must_fall_into_the_cycle(changed_on: str) -> None:
    with pytest.raises(Invalid, match="into the billing cycle"):
        proration(
            Plan.PRO, Plan.DESK, started_on=date(2026, 4, 1), renews_on=date(2026, 5, 1), changed_on=date.fromisoformat(changed_on)
        )  # fmt: skip
