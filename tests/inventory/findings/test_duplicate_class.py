"""The finding that a collision is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.inventory import Collision
from kit.inventory.findings.duplicate_class import severity
from tests.inventory.projects import Source
from tests.inventory.test_collisions import APP, ORDERS, USERS


def test_a_collision_is_told_with_both_places_the_primary_first() -> None:
    (finding,) = Source(APP).found("duplicate-class")
    assert finding.id == "duplicate-class:User"
    assert finding.title == 'Two mapped classes named "User" share one registry'
    assert [(str(place), place.role) for place in finding.locations] == [
        ("auth/models.py:2", "definition"),
        ("users/models.py:2", "duplicate"),
    ]
    assert '"User" is looked up by name at orders/models.py:4' in finding.evidence
    assert finding.details == {"registry": "db.Base", "tables": ["users"], "used_by": ["orders/models.py:4"]}


def collision(*, orders: bool = True, extend: bool = True, folder: str = "users") -> Collision:
    users = USERS if extend else USERS.replace("extend_existing", "x")
    files = {**APP, "orders/models.py": ORDERS if orders else ""}
    files.pop("users/models.py")
    (found,) = Source({**files, f"{folder}/models.py": users}).collisions()
    return found


@pytest.mark.parametrize(
    ("found", "loaded", "expected"),
    [
        (collision(), None, "blocks_now"),
        (collision(), True, "blocks_now"),
        (collision(), False, "blocks_when_both_imported"),
        (collision(orders=False), None, "smell"),
        (collision(orders=False), True, "smell"),
        (collision(orders=False, extend=False), None, "blocks_now"),
        (collision(orders=False, extend=False), False, "blocks_when_both_imported"),
        (collision(folder="examples"), None, "blocks_when_both_imported"),
        (collision(folder="examples"), True, "blocks_now"),
    ],
)
def test_it_blocks_when_the_classes_come_together_and_something_breaks(
    found: Collision, loaded: bool | None, expected: str
) -> None:
    assert severity(replace(found, loaded=loaded)) == expected
