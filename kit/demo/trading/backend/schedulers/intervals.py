"""When a job runs next."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from backend.app.core.clock import as_utc, is_trading_day
from backend.app.core.errors import Invalid


@dataclass(frozen=True)
class Every:
    """Every so many minutes, aligned to midnight UTC. The minutes must divide a day."""

    minutes: int

    def __post_init__(self) -> None:
        if self.minutes < 1 or 1440 % self.minutes:
            raise Invalid("the minutes must divide a day")

    def next_after(self, moment: datetime) -> datetime:
        moment = as_utc(moment)
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        passed = (moment - midnight) // timedelta(minutes=self.minutes)
        return midnight + timedelta(minutes=self.minutes) * (passed + 1)


@dataclass(frozen=True)
class Daily:
    """Once a day at a time in UTC, on trading days only if wanted."""

    at: time
    trading_days: bool = False

    def next_after(self, moment: datetime) -> datetime:
        moment = as_utc(moment)
        candidate = datetime.combine(moment.date(), self.at, tzinfo=moment.tzinfo)
        if candidate <= moment:
            candidate += timedelta(days=1)
        while self.trading_days and not is_trading_day(candidate.date()):
            candidate += timedelta(days=1)
        return candidate


Schedule = Every | Daily


def missed_runs(schedule: Schedule, last_run: datetime, now: datetime, *, at_most: int = 100) -> int:
    """How many runs were due since the last one, counted up to a limit."""
    count, due = 0, schedule.next_after(last_run)
    while due <= as_utc(now) and count < at_most:
        count, due = count + 1, schedule.next_after(due)
    return count


def backoff(attempt: int, *, base_seconds: int = 5, longest_seconds: int = 900) -> int:
    """Seconds to wait before trying a failed job again: doubled each time, up to a limit."""
    if attempt < 1:
        raise Invalid("attempts are counted from one")
    return min(base_seconds << min(attempt - 1, 20), longest_seconds)
