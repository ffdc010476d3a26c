"""What all causes have in common."""

from __future__ import annotations

from kit.causes.building import each_line_once
from kit.facts.places import Location


def test_a_line_is_told_once_in_its_first_role_and_at_its_first_place() -> None:
    first, second, again = Location("a.py", 1, "definition"), Location("b.py", 1), Location("a.py", 1, "raised")

    assert each_line_once([first, second, again]) == (first, second)
