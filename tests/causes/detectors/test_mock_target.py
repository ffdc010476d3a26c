"""Tests that patch what is not there any more."""

from __future__ import annotations

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import investigated, names_of, places, told

pytestmark = pytest.mark.slow

APP = {
    "shop/mail.py": """
        import smtplib

        LIMIT = 3

        class Mailer:
            def deliver(self):
                return 1

        def send_mails():
            return smtplib
        """,
    "shop/notes.py": "def write_note():\n    return 1\n",
    "tests/test_mail.py": """
        from unittest import mock
        import pytest
        import shop.mail

        def test_renamed():
            with mock.patch("shop.mail.send_mail"):
                pass

        @pytest.mark.skip
        @mock.patch("shop.mail.send_mail")
        def test_waiting(_):
            pass

        def test_method():
            with mock.patch.object(shop.mail.Mailer, "delivers"):
                pass

        def test_moved(monkeypatch):
            monkeypatch.setattr("shop.mail.write_note", None)

        def test_gone():
            with mock.patch("shop.mail.forget"):
                pass
        """,
}


@pytest.fixture(scope="module")
def causes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cause]:
    found, _ = investigated(tmp_path_factory.mktemp("app"), APP)
    return {cause.id: cause for cause in found}


def test_a_renamed_function_is_named_at_its_definition_and_where_tests_patch_it(causes: dict[str, Cause]) -> None:
    cause = causes["mock-target:shop.mail.send_mail"]

    assert places(cause) == ["shop/mail.py:9", "tests/test_mail.py:6"]
    assert 'shop.mail has a "send_mails"' in told(cause)
    assert any(
        item.text.startswith("Patched here too") and str(item.location) == "tests/test_mail.py:10"
        for item in cause.evidence
    )


def test_a_renamed_method_is_looked_for_in_its_class(causes: dict[str, Cause]) -> None:
    assert places(causes["mock-target:shop.mail.Mailer.delivers"])[0] == "shop/mail.py:6"


def test_a_name_that_another_module_defines_now_is_told(causes: dict[str, Cause]) -> None:
    cause = causes["mock-target:shop.mail.write_note"]

    assert (names_of(cause), places(cause)[0]) == ({"test_moved"}, "shop/notes.py:1")
    assert str(cause.next_step).startswith("Patch it where it is looked up; it is defined in shop.notes now")


def test_a_name_that_nothing_is_like_stays_without_a_guess(causes: dict[str, Cause]) -> None:
    assert places(causes["mock-target:shop.mail.forget"]) == ["tests/test_mail.py:22"]
