"""What makes times without a zone, and what tests patch."""

from __future__ import annotations

from pathlib import Path

from kit.facts.inventory import NaiveTime, PatchTarget
from kit.inventory.names.calls import naive_times, patch_targets
from tests.inventory.projects import Source

MAIL = """
def send(): ...

class Box:
    def open(self): ...
"""


def times(text: str) -> list[NaiveTime]:
    """The naive times of one module."""
    return list(naive_times(Source({"app/clock.py": text}).names))


def patches(text: str, **files: str) -> list[PatchTarget]:
    """What one test module patches in an app with a module ``app.mail``."""
    app = {"app/__init__.py": "", "app/mail.py": MAIL, **{f"app/{name}.py": content for name, content in files.items()}}
    return list(patch_targets(Source({**app, "tests/test_it.py": text}).names, Path("in-memory")))


def told(text: str, **files: str) -> list[tuple[str, bool | None]]:
    return [(patch.target, patch.exists) for patch in patches(text, **files)]


def test_what_makes_a_time_without_a_zone_is_told_with_its_line_and_scope() -> None:
    text = """
        import datetime as dt
        from datetime import datetime, timezone
        from sqlalchemy import func

        class User(Base):
            created = Column(DateTime, default=datetime.utcnow)

        def later(stamp, tz):
            from datetime import datetime as when
            aware = [datetime.now(timezone.utc), datetime.now(tz=tz), func.now(), dt.datetime.now(tz)]
            first = dt.datetime.utcnow()
            return max(
                when.now(),
                dt.datetime.utcfromtimestamp(stamp),
            )
    """
    assert [(one.call, one.line, one.scope, one.called) for one in times(text)] == [
        ("datetime.datetime.utcnow", 6, "class", False),
        ("datetime.datetime.utcnow", 11, "function", True),
        ("datetime.datetime.now", 13, "function", True),
        ("datetime.datetime.utcfromtimestamp", 14, "function", True),
    ]


def test_a_comment_a_string_and_another_library_make_no_time() -> None:
    text = """
        from pendulum import datetime
        # datetime.utcnow()
        text = "datetime.utcnow()"
        now = datetime.now()
    """
    assert times(text) == []


def test_a_time_is_found_where_an_expression_may_stand() -> None:
    text = """
        from datetime import datetime

        @register(datetime.now())
        def f(at=datetime.now()):
            with frozen(datetime.now()):
                if datetime.now() > x:
                    raise Late(datetime.now())
            try:
                pass
            except Late:
                assert datetime.now()
            lambda: datetime.now()
    """
    assert [one.line for one in times(text)] == [3, 4, 5, 6, 7, 11, 12]


def test_each_way_to_patch_is_told_with_the_whole_name() -> None:
    text = """
        from unittest import mock
        from unittest.mock import patch
        from app import mail
        from app.mail import Box

        @patch("app.mail.send")
        def test_a(sent): ...

        def test_b(monkeypatch, mocker):
            monkeypatch.setattr("app.mail.send", 1)
            monkeypatch.setattr(mail, "send", 1)
            mocker.patch("app.mail.send")
            mocker.patch.object(mail, "send")
            with mock.patch.object(target=Box, attribute="open"), mock.patch("os.getcwd"):
                pass
    """
    assert [(one.line, one.target, one.module, one.exists) for one in patches(text)] == [
        (6, "app.mail.send", "app.mail", True),
        (10, "app.mail.send", "app.mail", True),
        (11, "app.mail.send", "app.mail", True),
        (12, "app.mail.send", "app.mail", True),
        (13, "app.mail.send", "app.mail", True),
        (14, "os.getcwd", None, None),
        (14, "app.mail.Box.open", "app.mail", None),
    ]


def test_a_target_that_is_not_there_is_told() -> None:
    text = """
        from app import mail
        def test(monkeypatch):
            monkeypatch.setattr(mail, "post", 1)
            monkeypatch.setattr("app.mial.send", 1)
    """
    assert told(text) == [("app.mail.post", False), ("app.mial.send", False)]


def test_what_need_not_be_in_the_source_is_not_called_missing() -> None:
    text = """
        from unittest.mock import patch
        def test(monkeypatch, client):
            patch("app.mail.post", create=True)
            monkeypatch.setattr("app.mail.post", 1, raising=False)
            patch.object(client, "post")
            patch("app.mail.open")
            patch("app.lazy.anything")
            patch("app.stars.anything")
    """
    files = {"lazy": "def __getattr__(name): ...", "stars": "from numpy import *"}
    assert told(text, **files) == [("app.mail.open", None), ("app.lazy.anything", None), ("app.stars.anything", True)]


def test_a_patched_name_that_is_re_exported_is_there() -> None:
    files = {"one": "from app.two import *", "two": "from app.one import *\nfrom app.mail import send as post"}
    text = """
        from unittest.mock import patch
        patch("app.one.post")
        patch("app.one.gone")
    """
    assert told(text, **files) == [("app.one.post", True), ("app.one.gone", False)]
