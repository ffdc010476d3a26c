"""Date ranges that people ask reports for."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from backend.app.core.clock import days_in_month, is_trading_day
from backend.app.core.errors import Invalid

LONGEST = 366


class Preset(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    THIS_WEEK = "this-week"
    LAST_WEEK = "last-week"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    THIS_QUARTER = "this-quarter"
    YEAR_TO_DATE = "year-to-date"


@dataclass(frozen=True)
class DateRange:
    """Both days included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid("a range ends after it starts")
        if self.days > LONGEST:
            raise Invalid(f"a range covers at most {LONGEST} days")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def trading_days(self) -> int:
        return sum(is_trading_day(self.first + timedelta(days=n)) for n in range(self.days))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def resolve(preset: Preset, today: date) -> DateRange:
    """The range that a preset means on a day. What is still running ends today."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    match preset:
        case Preset.TODAY:
            return DateRange(today, today)
        case Preset.YESTERDAY:
            return DateRange(today - timedelta(days=1), today - timedelta(days=1))
        case Preset.THIS_WEEK:
            return DateRange(monday, today)
        case Preset.LAST_WEEK:
            return DateRange(monday - timedelta(days=7), monday - timedelta(days=1))
        case Preset.THIS_MONTH:
            return DateRange(month, today)
        case Preset.LAST_MONTH:
            last = month - timedelta(days=1)
            return DateRange(last.replace(day=1), last)
        case Preset.THIS_QUARTER:
            return DateRange(month.replace(month=(today.month - 1) // 3 * 3 + 1), today)
        case Preset.YEAR_TO_DATE:
            return DateRange(date(today.year, 1, 1), today)


def split_by_month(span: DateRange) -> list[DateRange]:
    """The same days, cut at the ends of months."""
    parts, first = [], span.first
    while first <= span.last:
        last = min(first.replace(day=days_in_month(first)), span.last)
        parts.append(DateRange(first, last))
        first = last + timedelta(days=1)
    return parts
