"""When jobs run."""

from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from backend.app.core.errors import Invalid
from backend.schedulers.intervals import Daily, Every, backoff, missed_runs
from backend.schedulers.report_digest import subject_line

FRIDAY = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("minutes", [1, 15, 1440])
@pytest.mark.parametrize("moment", ["2026-03-06T00:00", "2026-03-06T09:30", "2026-03-06T23:59"])
def test_interval_is_aligned_to_midnight(minutes: int, moment: str) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    following = Every(minutes).next_after(now)
    assert timedelta(0) < following - now <= timedelta(minutes=minutes)
    assert (following - datetime(2026, 3, 6, tzinfo=UTC)) % timedelta(minutes=minutes) == timedelta(0)


@pytest.mark.parametrize("minutes", [0, -5, 7, 1000, 1441])
def test_interval_must_divide_a_day(minutes: int) -> None:
    with pytest.raises(Invalid, match="divide a day"):
        Every(minutes)


@pytest.mark.parametrize(
    ("at", "trading_days", "expected"),
    [
        (time(9, 31), False, "2026-03-06T09:31"), (time(9, 30), False, "2026-03-07T09:30"), (time(0), False, "2026-03-07T00:00"),
        (time(23, 59), False, "2026-03-06T23:59"), (time(9, 31), True, "2026-03-06T09:31"), (time(9, 30), True, "2026-03-09T09:30"),
        (time(0), True, "2026-03-09T00:00"),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("offset_hours", [-8, 9])
def test_daily_job_runs_once_a_day(at: time, trading_days: bool, expected: str, offset_hours: int) -> None:
    local = FRIDAY.astimezone(timezone(timedelta(hours=offset_hours)))
    following = Daily(at, trading_days).next_after(local)
    assert following == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "expected"), [(-1, 0), (0, 0), (0.4, 0), (0.5, 1), (1, 1), (5, 5), (23.9, 24), (500, 100)]
)
def test_missed_runs_are_counted_up_to_a_limit(hours: float, expected: int) -> None:
    assert missed_runs(Every(60), FRIDAY, FRIDAY + timedelta(hours=hours)) == expected


@pytest.mark.parametrize("days", [0, 1, 3, 4, 7, 14])
def test_missed_runs_leave_weekends_out(days: int) -> None:
    runs = [FRIDAY + timedelta(days=n) for n in range(1, days + 1)]
    expected = sum(run.weekday() < 5 for run in runs)
    assert (
        missed_runs(Daily(time(9, 30), trading_days=True), FRIDAY, FRIDAY + timedelta(days=days)) == expected
    )


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 5), (2, 10), (3, 20), (5, 80), (8, 640), (9, 900), (50, 900), (5000, 900)]
)
def test_backoff_doubles_up_to_a_limit(attempt: int, seconds: int) -> None:
    assert backoff(attempt) == seconds


@pytest.mark.parametrize("attempt", [0, -1])
def test_attempts_are_counted_from_one(attempt: int) -> None:
    with pytest.raises(Invalid, match="counted from one"):
        backoff(attempt)


@pytest.mark.parametrize("name", ["Ada", "Zoë Quinn"])
@pytest.mark.parametrize(
    ("trades", "net", "rest"),
    [
        (0, "+0.00", "no trades on 06 Mar"), (1, "-0.25", "1 trade on 06 Mar: -0.25 USD"),
        (2, "+12.00", "2 trades on 06 Mar: +12.00 USD"), (140, "+0.00", "140 trades on 06 Mar: +0.00 USD"),
    ],
    ids=["none", "one", "two", "many"],
)  # fmt: skip
def test_subject_line_of_the_digest(name: str, trades: int, net: str, rest: str) -> None:
    assert subject_line(name, FRIDAY.date(), trades, net) == f"{name}, {rest}"
