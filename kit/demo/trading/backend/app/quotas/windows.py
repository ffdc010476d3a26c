"""Usage windows: when one starts and when the next does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.app.core.clock import as_utc, days_in_month


class Window(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Span:
    """From `start` up to, but not including, `end`."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= as_utc(moment) < self.end


def window_at(window: Window, moment: datetime) -> Span:
    """The window that a moment falls into. Weeks start on Monday; all windows are cut in UTC."""
    hour = as_utc(moment).replace(minute=0, second=0, microsecond=0)
    if window is Window.HOUR:
        return Span(hour, hour + timedelta(hours=1))
    day = hour.replace(hour=0)
    if window is Window.DAY:
        return Span(day, day + timedelta(days=1))
    if window is Window.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=7))
    first = day.replace(day=1)
    return Span(first, first + timedelta(days=days_in_month(first.date())))


def seconds_until_reset(window: Window, moment: datetime) -> int:
    return int((window_at(window, moment).end - as_utc(moment)).total_seconds())


def refusal(operation: str, plan: str, window: Window, moment: datetime) -> str:
    """What a caller reads who has used up a window."""
    reset = window_at(window, moment).end
    return f"{operation} quota of plan {plan} used up, next reset {reset:%Y-%m-%d %H:%M} UTC"
