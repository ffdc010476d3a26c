"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from kit.facts.wording import counted


@pytest.mark.parametrize(
    ("number", "nouns", "text"),
    [
        (0, ("test",), "0 tests"),
        (1, ("test",), "1 test"),
        (3650, ("test",), "3,650 tests"),
        (1, ("mapped class",), "1 mapped class"),
        (2, ("mapped class",), "2 mapped classes"),
        (2, ("library",), "2 libraries"),
        (2, ("key",), "2 keys"),
        (2, ("fix",), "2 fixes"),
        (2, ("branch",), "2 branches"),
        (2, ("path",), "2 paths"),
        (2, ("fix that helps", "fixes that help"), "2 fixes that help"),
    ],
)
def test_a_noun_follows_its_number(number: int, nouns: tuple[str, ...], text: str) -> None:
    assert counted(number, *nouns) == text
