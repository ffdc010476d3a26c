"""Noticing jobs that stopped beating."""

import logging
from datetime import timedelta

import pytest

from backend.schedulers.watchdog import Watchdog
from backend.tests.conftest import NOW


@pytest.mark.parametrize("patience", [1, 10, 60])
@pytest.mark.parametrize("silence", [1, 10, 11, 60, 61])
def test_job_is_stalled_after_more_than_the_patience(patience: int, silence: int) -> None:
    watchdog = Watchdog(timedelta(seconds=patience))
    watchdog.beat("digest", NOW)
    stalled = watchdog.stalled(NOW + timedelta(seconds=silence))
    assert stalled == (["digest"] if silence > patience else [])


@pytest.mark.parametrize(
    "late", [[], ["renewal"], ["quota", "digest"], ["renewal", "quota", "digest"]], ids=len
)
def test_stalled_jobs_come_in_alphabetical_order(late: list[str]) -> None:
    watchdog = Watchdog(timedelta(seconds=30))
    for job in ("renewal", "digest", "quota"):
        watchdog.beat(job, NOW - timedelta(minutes=job in late))
    assert watchdog.stalled(NOW) == sorted(late)


@pytest.mark.parametrize("beats", [1, 2, 5])
def test_a_new_beat_is_enough(beats: int) -> None:
    watchdog = Watchdog(timedelta(seconds=30))
    for number in range(beats):
        watchdog.beat("digest", NOW + timedelta(minutes=number))
    assert watchdog.stalled(NOW + timedelta(minutes=beats - 1, seconds=29)) == []


def test_quiet_watchdog_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog(timedelta(seconds=30))
    watchdog.beat("digest", NOW)
    with caplog.at_level(logging.DEBUG):
        assert watchdog.check(NOW) == []
    assert caplog.records == []


def test_stalled_job_is_logged_and_reported(caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog(timedelta(seconds=30))
    watchdog.beat("digest", NOW)
    with caplog.at_level(logging.CRITICAL):
        assert watchdog.check(NOW + timedelta(minutes=5)) == ["digest"]
    assert caplog.messages == ["job digest stalled, last beat 2026-03-04T10:30:00+00:00"]
