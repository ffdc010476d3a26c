"""Naive times are made aware where they are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.fixes.apps import BASE, cause, options_for, patched

LOCK = """
from datetime import datetime, timedelta  # both


def expired(last):
    return datetime.utcnow() > last + timedelta(hours=1)  # UTC
"""
CLOCK = """
from datetime import UTC, datetime


def utc_now():
    return datetime.now(UTC)
"""


def made_at(path: str, line: int) -> Cause:
    return cause("naive-datetime", "app.lock:expired", f"{path}:{line} producer", f"{path}:{line} raised")


def app(lock: str, **more: str) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/lock.py": lock, **{f"app/{name}.py": text for name, text in more.items()}}


def test_without_a_line_that_makes_a_naive_time_there_is_no_option(tmp_path: Path) -> None:
    met = cause("naive-datetime", "app.lock:expired", "app/lock.py:5 raised")

    assert options_for(tmp_path, app(LOCK), met) == {}


def test_a_call_that_gives_a_zone_already_has_no_option(tmp_path: Path) -> None:
    aware = LOCK.replace("datetime.utcnow()", "datetime.now(tz)")

    assert options_for(tmp_path, app(aware), made_at("app/lock.py", 5)) == {}


def test_the_call_gets_a_zone_and_the_rest_of_the_line_stays(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, app(LOCK), made_at("app/lock.py", 5)).values()

    text = patched(tmp_path, option)["app/lock.py"]

    assert "    return datetime.now(timezone.utc) > last + timedelta(hours=1)  # UTC\n" in text
    assert "from datetime import datetime, timedelta, timezone  # both\n" in text
    assert not option.on_tests


@pytest.mark.slow
def test_the_clock_of_the_app_is_used_where_it_has_one(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, app(LOCK, clock=CLOCK), made_at("app/lock.py", 5)).values()

    text = patched(tmp_path, option)["app/lock.py"]

    assert "return utc_now() > last" in text
    assert "from app.clock import utc_now\n" in text
    assert "from datetime import timedelta  # both\n" in text  # nothing uses datetime any more


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import datetime\n\nMADE = datetime.datetime.utcnow()\n", "datetime.datetime.now(datetime.timezone.utc)"),
        ("import datetime as dt\n\nMADE = dt.datetime.now()\n", "dt.datetime.now(dt.timezone.utc)"),
        (
            "from datetime import datetime\n\nMADE = datetime.utcfromtimestamp(3)\n",
            "datetime.fromtimestamp(3, timezone.utc)",
        ),
        (
            "from datetime import datetime\n\nMADE = dict(default=datetime.utcnow)\n",
            "default=lambda: datetime.now(timezone.utc)",
        ),
    ],
)
def test_every_way_to_write_it(before: str, after: str, tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, app(before), made_at("app/lock.py", 3)).values()

    text = patched(tmp_path, option)["app/lock.py"]

    assert after in text
    exec(compile(text, "lock.py", "exec"), {})


def test_local_time_that_becomes_utc_is_named_as_lost(tmp_path: Path) -> None:
    local = LOCK.replace("utcnow()", "now()")

    (option,) = options_for(tmp_path, app(local), made_at("app/lock.py", 5)).values()

    assert option.losses == ("the time is in UTC then, no longer in the machine's own zone",)


def test_naive_values_of_the_tests_are_an_option_of_their_own(tmp_path: Path) -> None:
    test = LOCK.replace("expired(last)", "test_it()").replace("last +", "then +")
    files = {**app(""), "tests/test_lock.py": test}

    (option,) = options_for(tmp_path, files, made_at("tests/test_lock.py", 5)).values()

    assert (option.kind, option.on_tests) == ("aware-datetimes-in-tests", True)


@pytest.mark.parametrize(
    ("written", "then"),
    [
        ("mapped_column(DateTime)", "mapped_column(DateTime(timezone=True))"),
        ("mapped_column(DateTime(), index=True)", "mapped_column(DateTime(timezone=True), index=True)"),
        ("mapped_column(DateTime(timezone=False))", "mapped_column(DateTime(timezone=True))"),
        ("mapped_column(index=True)", "mapped_column(DateTime(timezone=True), index=True)"),
    ],
)
def test_a_column_keeps_the_zone(written: str, then: str, tmp_path: Path) -> None:
    model = f"""
from datetime import datetime

from sqlalchemy import DateTime
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Lock(Base):
    __tablename__ = "locks"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = {written}
"""

    (option,) = options_for(tmp_path, app(model, base=BASE), made_at("app/lock.py", 13)).values()

    assert option.kind == "aware-column"
    assert f"    at: Mapped[datetime] = {then}\n" in patched(tmp_path, option)["app/lock.py"]
    assert "migration" in option.losses[0]
