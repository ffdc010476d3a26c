"""Locking accounts out after failed sign-ins."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from backend.app.auth.lockout import is_locked, lock_length, locked_until

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [
        (0, 0),
        (1, 0),
        (4, 0),
        (5, 1),
        (6, 2),
        (7, 4),
        (8, 8),
        (10, 32),
        (14, 512),
        (15, 720),
        (16, 720),
        (500, 720),
    ],
)
def test_lock_doubles_up_to_twelve_hours(failures: int, minutes: int) -> None:
    assert lock_length(failures) == minutes * MINUTE


@pytest.mark.parametrize("failures", [4, 5, 9])
@pytest.mark.parametrize("hours", [-5, 2])
def test_lock_starts_with_the_last_failure(failures: int, hours: int) -> None:
    failed_at = datetime(2026, 3, 4, 12, tzinfo=timezone(timedelta(hours=hours)))
    assert locked_until(failures, failed_at) - failed_at == lock_length(failures)


@pytest.mark.parametrize(
    ("failures", "ago", "locked"),
    [
        (4, timedelta(0), False),
        (5, timedelta(seconds=20), True),
        (5, timedelta(minutes=2), False),
        (8, timedelta(minutes=7), True),
        (8, timedelta(minutes=9), False),
        (20, timedelta(hours=11), True),
        (20, timedelta(hours=13), False),
        (20, timedelta(days=30), False),
    ],
)
def test_account_is_locked_for_a_while(failures: int, ago: timedelta, locked: bool) -> None:
    assert is_locked(failures, datetime.now(UTC) - ago) is locked
