"""What a fill costs."""

from decimal import Decimal

import pytest

from backend.app.paper.fees import fee
from backend.app.quotas.plans import Plan

# Fees of a fill of 10,000, as maker and as taker.
OF_TEN_THOUSAND = {
    Plan.FREE: ("20.00", "30.00"),
    Plan.STARTER: ("15.00", "25.00"),
    Plan.PRO: ("8.00", "15.00"),
    Plan.DESK: ("0.00", "8.00"),
}


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("taker", [False, True], ids=["maker", "taker"])
@pytest.mark.parametrize("value", ["0", "33.33", "-10000", "1234567.89"])
def test_fee_follows_the_schedule(plan: Plan, taker: bool, value: str) -> None:
    rate = Decimal(OF_TEN_THOUSAND[plan][taker]) / 10_000
    exact = abs(Decimal(value)) * rate
    charged = fee(Decimal(value), plan, taker=taker)
    if exact == 0:
        assert charged == 0
    elif exact < Decimal("0.10"):
        assert charged == Decimal("0.10")
    else:
        assert abs(charged - exact) <= Decimal("0.005")


@pytest.mark.parametrize("value", ["100", "5000", "250000"])
@pytest.mark.parametrize("taker", [False, True], ids=["maker", "taker"])
def test_larger_plans_pay_less(value: str, taker: bool) -> None:
    charged = [fee(Decimal(value), plan, taker=taker) for plan in Plan]
    assert charged == sorted(charged, reverse=True)
    assert charged[0] > charged[-1]


@pytest.mark.parametrize("plan", Plan)
@pytest.mark.parametrize("value", ["5000"])
def test_makers_never_pay_more_than_takers(plan: Plan, value: str) -> None:
    assert fee(Decimal(value), plan, taker=False) < fee(Decimal(value), plan, taker=True)
