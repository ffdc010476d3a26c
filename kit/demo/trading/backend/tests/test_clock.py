"""Days, months and zones."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from backend.app.core.clock import as_utc, days_in_month, is_trading_day, previous_trading_day, start_of_day


@pytest.mark.parametrize("hours", [-5, 0, 5.5])
@pytest.mark.parametrize(
    "moment", [datetime(2026, 3, 4, 10, 30), datetime(2026, 1, 1), datetime(2024, 2, 29, 23, 59)], ids=str
)
def test_moments_are_moved_to_utc(hours: float, moment: datetime) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    moved = as_utc(local)
    assert moved.tzinfo is UTC
    assert moved.replace(tzinfo=None) == moment - timedelta(hours=hours)


@pytest.mark.parametrize(
    "moment", [datetime(2026, 3, 4, 10, 30), datetime(1999, 12, 31, 23, 59, 59)], ids=str
)
def test_moments_without_zone_are_utc(moment: datetime) -> None:
    assert as_utc(moment) == moment.replace(tzinfo=UTC)


@pytest.mark.parametrize("day", [date(2026, 3, 4), date(2024, 2, 29), date(2025, 12, 31)], ids=str)
def test_day_starts_at_midnight_utc(day: date) -> None:
    start = start_of_day(day)
    assert (start.date(), start.hour, start.minute, start.utcoffset()) == (day, 0, 0, timedelta(0))


@pytest.mark.parametrize(
    ("day", "open_", "before"),
    [
        (date(2026, 3, 2), True, date(2026, 2, 27)),
        (date(2026, 3, 3), True, date(2026, 3, 2)),
        (date(2026, 3, 4), True, date(2026, 3, 3)),
        (date(2026, 3, 5), True, date(2026, 3, 4)),
        (date(2026, 3, 6), True, date(2026, 3, 5)),
        (date(2026, 3, 7), False, date(2026, 3, 6)),
        (date(2026, 3, 8), False, date(2026, 3, 6)),
        (date(2026, 1, 1), True, date(2025, 12, 31)),
    ],
    ids=str,
)
def test_weekends_are_no_trading_days(day: date, open_: bool, before: date) -> None:
    assert is_trading_day(day) is open_
    assert previous_trading_day(day) == before


@pytest.mark.parametrize("year", [2024, 1900])
@pytest.mark.parametrize(
    ("month", "days"), [(1, 31), (2, None), (4, 30), (6, 30), (9, 30), (11, 30), (12, 31)]
)
def test_months_have_their_length(year: int, month: int, days: int | None) -> None:
    february = 29 if year in {2024} else 28
    assert days_in_month(date(year, month, 28)) == (days or february)
