"""A pattern is compiled when it is used first, and is the one that ``re`` would have made."""

import re

import pytest

from kit.masking.patterns import late


def test_a_pattern_that_nobody_uses_is_not_compiled() -> None:
    broken = late("(")

    with pytest.raises(re.error):
        broken.match("")


def test_a_late_pattern_finds_what_the_compiled_one_finds() -> None:
    text = "A1 b22 C333"

    found = late(r"[a-c](\d+)", re.IGNORECASE)

    assert [one.span(1) for one in found.finditer(text)] == [(1, 2), (4, 6), (8, 11)]
    assert found.sub("-", text) == "- - -"
