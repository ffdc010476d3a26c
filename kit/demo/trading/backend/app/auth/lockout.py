"""Locking accounts out after failed sign-ins, longer each time."""

from datetime import datetime, timedelta

FREE_ATTEMPTS = 4
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=12)


def lock_length(failures: int) -> timedelta:
    """How long the account stays locked after that many failures in a row."""
    if failures <= FREE_ATTEMPTS:
        return timedelta(0)
    return min(FIRST_LOCK * (1 << min(failures - FREE_ATTEMPTS - 1, 12)), LONGEST_LOCK)


def locked_until(failures: int, last_failure: datetime) -> datetime:
    return last_failure + lock_length(failures)


def is_locked(failures: int, last_failure: datetime) -> bool:
    """Whether a sign-in has to be refused at this moment."""
    return datetime.utcnow() < locked_until(failures, last_failure)
