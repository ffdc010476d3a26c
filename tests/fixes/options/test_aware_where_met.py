"""Both sides of a comparison or a difference have a zone; nothing else of the line changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.fixes.apps import cause, options_for, patched

LOCK = "from datetime import datetime, timezone\n\n\ndef f(user, now):\n"


def met(line: int = 5, path: str = "app/lock.py") -> Cause:
    return cause("naive-datetime", path, f"{path}:{line}")


def app(body: str, start: str = LOCK) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/lock.py": f"{start}    {body}\n"}


@pytest.mark.parametrize(
    "body",
    [
        "return user.until is None",
        "return user.until == now",
        "return later(user.until)",
        "return a < b < c",
        "return datetime.now(timezone.utc) - datetime.utcnow()",
        "return now + user.until",
    ],
)
def test_a_line_without_one_comparison_of_names_stays(tmp_path: Path, body: str) -> None:
    assert options_for(tmp_path, app(body), met()) == {}


def test_a_line_of_the_tests_stays(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"tests/test_lock.py": f"{LOCK}    return now < user.until\n"}

    assert options_for(tmp_path, files, met(path="tests/test_lock.py")) == {}


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (
            "return user.until < now()  # locked",
            "return (user.until if user.until.tzinfo else user.until.replace(tzinfo=timezone.utc)) < now()  # locked",
        ),
        (
            "return (now - made()).seconds",
            "return ((now if now.tzinfo else now.replace(tzinfo=timezone.utc)) - made()).seconds",
        ),
    ],
    ids=["comparison", "difference"],
)
def test_a_side_that_is_a_name_gets_a_zone(tmp_path: Path, body: str, after: str) -> None:
    found = options_for(tmp_path, app(body), met())

    assert patched(tmp_path, found["aware-where-met"])["app/lock.py"] == f"{LOCK}    {after}\n"


def test_the_zone_is_named_as_the_file_imports_it(tmp_path: Path) -> None:
    files = app("return now() > user.until", "import datetime as dt\n\n\ndef f(user, now):\n")

    found = options_for(tmp_path, files, met())

    text = patched(tmp_path, found["aware-where-met"])["app/lock.py"]
    assert "user.until.replace(tzinfo=dt.timezone.utc)" in text
    assert "import timezone" not in text


def test_all_lines_where_they_meet_are_changed_together(tmp_path: Path) -> None:
    both = cause("naive-datetime", "f", "app/lock.py:5 raised", "app/lock.py:6 raised", "app/other.py:5 raised")
    files = {
        **app("a = now < user.until\n    b = user.until - now"),
        "app/other.py": f"{LOCK}    return now > user.start\n",
    }

    (option,) = options_for(tmp_path, files, both).values()

    assert option.title.endswith("(app/lock.py:5, app/lock.py:6 and 1 more)")
    changed = patched(tmp_path, option)
    assert changed["app/lock.py"].count("tzinfo=timezone.utc") == 4
    assert changed["app/other.py"].count("tzinfo=timezone.utc") == 2
