"""Date ranges that people ask reports for."""

from datetime import date, timedelta

import pytest

from backend.app.core.errors import Invalid
from backend.app.reports.ranges import DateRange, Preset, resolve, split_by_month

# first and last day of each preset, on a few days
RESOLVED = {
    "2026-03-04": {
        Preset.TODAY: ("03-04", "03-04"), Preset.YESTERDAY: ("03-03", "03-03"), Preset.THIS_WEEK: ("03-02", "03-04"),
        Preset.LAST_WEEK: ("02-23", "03-01"), Preset.THIS_MONTH: ("03-01", "03-04"), Preset.LAST_MONTH: ("02-01", "02-28"),
        Preset.THIS_QUARTER: ("01-01", "03-04"), Preset.YEAR_TO_DATE: ("01-01", "03-04"),
    },
    "2026-07-05": {
        Preset.TODAY: ("07-05", "07-05"), Preset.YESTERDAY: ("07-04", "07-04"), Preset.THIS_WEEK: ("06-29", "07-05"),
        Preset.LAST_WEEK: ("06-22", "06-28"), Preset.THIS_MONTH: ("07-01", "07-05"), Preset.LAST_MONTH: ("06-01", "06-30"),
        Preset.THIS_QUARTER: ("07-01", "07-05"), Preset.YEAR_TO_DATE: ("01-01", "07-05"),
    },
    "2024-03-31": {
        Preset.TODAY: ("03-31", "03-31"), Preset.YESTERDAY: ("03-30", "03-30"), Preset.THIS_WEEK: ("03-25", "03-31"),
        Preset.LAST_WEEK: ("03-18", "03-24"), Preset.THIS_MONTH: ("03-01", "03-31"), Preset.LAST_MONTH: ("02-01", "02-29"),
        Preset.THIS_QUARTER: ("01-01", "03-31"), Preset.YEAR_TO_DATE: ("01-01", "03-31"),
    },
    "2026-12-31": {
        Preset.TODAY: ("12-31", "12-31"), Preset.YESTERDAY: ("12-30", "12-30"), Preset.THIS_WEEK: ("12-28", "12-31"),
        Preset.LAST_WEEK: ("12-21", "12-27"), Preset.THIS_MONTH: ("12-01", "12-31"), Preset.LAST_MONTH: ("11-01", "11-30"),
        Preset.THIS_QUARTER: ("10-01", "12-31"), Preset.YEAR_TO_DATE: ("01-01", "12-31"),
    },
}  # fmt: skip


@pytest.mark.parametrize("today", RESOLVED)
@pytest.mark.parametrize("preset", Preset)
def test_preset_means_these_days(today: str, preset: Preset) -> None:
    span = resolve(preset, date.fromisoformat(today))
    first, last = (f"{today[:5]}{part}" for part in RESOLVED[today][preset])
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize("today", ["2026-01-01"])
@pytest.mark.parametrize("preset", Preset)
def test_presets_hold_no_day_to_come(today: str, preset: Preset) -> None:
    day = date.fromisoformat(today)
    span = resolve(preset, day)
    assert span.last <= day
    assert (day in span) == (span.last == day)


@pytest.mark.parametrize(
    ("first", "days", "trading_days"),
    [
        ("2026-03-02", 1, 1), ("2026-03-02", 5, 5), ("2026-03-02", 6, 5), ("2026-03-02", 7, 5), ("2026-03-07", 2, 0),
        ("2026-03-06", 4, 2), ("2026-03-01", 31, 22), ("2026-01-01", 365, 261), ("2024-01-01", 366, 262),
    ],
)  # fmt: skip
def test_trading_days_leave_weekends_out(first: str, days: int, trading_days: int) -> None:
    start = date.fromisoformat(first)
    span = DateRange(start, start + timedelta(days=days - 1))
    assert (span.days, span.trading_days) == (days, trading_days)


@pytest.mark.parametrize("first", ["2026-01-01", "2026-01-15", "2026-01-31", "2024-02-29"])
@pytest.mark.parametrize("days", [1, 31, 366])
def test_split_by_month_loses_no_day(first: str, days: int) -> None:
    start = date.fromisoformat(first)
    span = DateRange(start, start + timedelta(days=days - 1))
    parts = split_by_month(span)
    assert (parts[0].first, parts[-1].last) == (span.first, span.last)
    assert sum(part.days for part in parts) == days
    assert all((part.first.year, part.first.month) == (part.last.year, part.last.month) for part in parts)
    assert all(after.first - before.last == timedelta(days=1) for before, after in zip(parts, parts[1:]))


@pytest.mark.parametrize(("first", "last"), [("2026-03-02", "2026-03-01"), ("2026-01-01", "2025-12-31")])
def test_range_ends_after_it_starts(first: str, last: str) -> None:
    with pytest.raises(Invalid, match="ends after it starts"):
        DateRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("first", "last"), [("2025-01-01", "2026-01-02"), ("2000-01-01", "2026-01-01")])
def test_range_covers_a_year_at_most(first: str, last: str) -> None:
    with pytest.raises(Invalid, match="at most 366 days"):
        DateRange(date.fromisoformat(first), date.fromisoformat(last))
