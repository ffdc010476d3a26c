"""Usage windows, and what a caller reads who has used one up."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from backend.app.quotas.windows import Window, refusal, seconds_until_reset, window_at


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


MOMENTS = {
    "midweek": utc(2026, 3, 4, 10, 30),
    "monday-midnight": utc(2026, 3, 2),
    "sunday-night": utc(2026, 3, 8, 23, 59, 59),
    "leap-day": utc(2024, 2, 29, 12),
    "new-year": utc(2026, 1, 1, 0, 0, 1),
    "year-end": utc(2026, 12, 31, 23, 30),
}
SPANS = {
    ("midweek", Window.HOUR): (utc(2026, 3, 4, 10), utc(2026, 3, 4, 11)),
    ("midweek", Window.DAY): (utc(2026, 3, 4), utc(2026, 3, 5)),
    ("midweek", Window.WEEK): (utc(2026, 3, 2), utc(2026, 3, 9)),
    ("midweek", Window.MONTH): (utc(2026, 3, 1), utc(2026, 4, 1)),
    ("monday-midnight", Window.HOUR): (utc(2026, 3, 2), utc(2026, 3, 2, 1)),
    ("monday-midnight", Window.DAY): (utc(2026, 3, 2), utc(2026, 3, 3)),
    ("monday-midnight", Window.WEEK): (utc(2026, 3, 2), utc(2026, 3, 9)),
    ("monday-midnight", Window.MONTH): (utc(2026, 3, 1), utc(2026, 4, 1)),
    ("sunday-night", Window.HOUR): (utc(2026, 3, 8, 23), utc(2026, 3, 9)),
    ("sunday-night", Window.DAY): (utc(2026, 3, 8), utc(2026, 3, 9)),
    ("sunday-night", Window.WEEK): (utc(2026, 3, 2), utc(2026, 3, 9)),
    ("sunday-night", Window.MONTH): (utc(2026, 3, 1), utc(2026, 4, 1)),
    ("leap-day", Window.HOUR): (utc(2024, 2, 29, 12), utc(2024, 2, 29, 13)),
    ("leap-day", Window.DAY): (utc(2024, 2, 29), utc(2024, 3, 1)),
    ("leap-day", Window.WEEK): (utc(2024, 2, 26), utc(2024, 3, 4)),
    ("leap-day", Window.MONTH): (utc(2024, 2, 1), utc(2024, 3, 1)),
    ("new-year", Window.HOUR): (utc(2026, 1, 1), utc(2026, 1, 1, 1)),
    ("new-year", Window.DAY): (utc(2026, 1, 1), utc(2026, 1, 2)),
    ("new-year", Window.WEEK): (utc(2025, 12, 29), utc(2026, 1, 5)),
    ("new-year", Window.MONTH): (utc(2026, 1, 1), utc(2026, 2, 1)),
    ("year-end", Window.HOUR): (utc(2026, 12, 31, 23), utc(2027, 1, 1)),
    ("year-end", Window.DAY): (utc(2026, 12, 31), utc(2027, 1, 1)),
    ("year-end", Window.WEEK): (utc(2026, 12, 28), utc(2027, 1, 4)),
    ("year-end", Window.MONTH): (utc(2026, 12, 1), utc(2027, 1, 1)),
}


@pytest.mark.parametrize("window", Window)
@pytest.mark.parametrize("moment", MOMENTS)
def test_window_is_cut_in_utc(window: Window, moment: str) -> None:
    local = MOMENTS[moment].astimezone(timezone(timedelta(hours=-8)))
    span = window_at(window, local)
    assert (span.start, span.end) == SPANS[moment, window]
    assert local in span


@pytest.mark.parametrize("window", Window)
@pytest.mark.parametrize("moment", MOMENTS)
def test_windows_follow_each_other_without_gap(window: Window, moment: str) -> None:
    span = window_at(window, MOMENTS[moment])
    assert span.end not in span
    assert window_at(window, span.end).start == span.end
    assert window_at(window, span.start - timedelta(microseconds=1)).end == span.start


@pytest.mark.parametrize("window", Window)
@pytest.mark.parametrize("moment", MOMENTS)
def test_reset_is_counted_in_seconds(window: Window, moment: str) -> None:
    end = SPANS[moment, window][1]
    assert seconds_until_reset(window, MOMENTS[moment]) == (end - MOMENTS[moment]).total_seconds()


@pytest.mark.parametrize(
    ("operation", "plan", "window", "reset"),
    [
        ("order", "free", Window.HOUR, "2026-03-04 11:00"),
        ("order", "free", Window.DAY, "2026-03-05 00:00"),
        ("report", "starter", Window.DAY, "2026-03-05 00:00"),
        ("export", "starter", Window.WEEK, "2026-03-09 00:00"),
        ("signal", "pro", Window.WEEK, "2026-03-09 00:00"),
        ("wallet-check", "pro", Window.MONTH, "2026-04-01 00:00"),
        ("export", "desk", Window.MONTH, "2026-04-01 00:00"),
    ],
)
def test_refusal_says_when_to_try_again(operation: str, plan: str, window: Window, reset: str) -> None:
    message = refusal(operation, plan, window, MOMENTS["midweek"])
    assert message == f"{operation} limit of plan {plan} reached, try again after {reset} UTC"
