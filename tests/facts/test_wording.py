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
        (1, ("class", "classes"), "1 class"),
        (2, ("class", "classes"), "2 classes"),
    ],
)
def test_a_noun_follows_its_number(number: int, nouns: tuple[str, ...], text: str) -> None:
    assert counted(number, *nouns) == text
