"""Tests patch a name by what it is called now, or where it is now."""

from __future__ import annotations

from pathlib import Path

from kit.facts.causes import Cause
from tests.fixes.apps import cause, options_for, patched

TESTS = """
from unittest import mock


@mock.patch('app.mails.send_mail')  # no real mail
def test_it(send_mail):
    assert send_mail
"""


def absent() -> Cause:
    return cause("mock-target", "app.mails.send_mail", "tests/test_a.py:4 patched", tests=("tests/test_a.py::test_it",))


def files(mails: str, **more: str) -> dict[str, str | bytes]:
    app = {f"app/{name}.py": text for name, text in {"__init__": "", "mails": mails, **more}.items()}
    return {**app, "tests/test_a.py": TESTS}


def test_a_name_that_is_there_has_no_option(tmp_path: Path) -> None:
    assert options_for(tmp_path, files("def send_mail(): ...\n"), absent()) == {}


def test_a_name_that_is_like_none_has_no_option(tmp_path: Path) -> None:
    assert options_for(tmp_path, files("def receive(): ...\n"), absent()) == {}


def test_the_name_that_it_has_now_is_patched(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, files("def send_mails(): ...\n"), absent()).values()

    assert (option.kind, option.on_tests) == ("renamed-patch-target", True)
    assert "@mock.patch('app.mails.send_mails')  # no real mail\n" in patched(tmp_path, option)["tests/test_a.py"]


def test_the_module_that_defines_it_now_is_patched(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, files("", post="def send_mail(): ...\n"), absent()).values()

    assert option.kind == "moved-patch-target"
    assert "@mock.patch('app.post.send_mail')" in patched(tmp_path, option)["tests/test_a.py"]
