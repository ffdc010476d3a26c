"""What mapped attributes are given where they are declared: the options that decide values, and what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.places import Location
from kit.inventory import ClassFields, Declarations
from kit.target import find_target
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

MODELS = """
    class Owner(Base):
        id: Mapped[int] = mapped_column(primary_key=True)
        pets: Mapped[list["Pet"]] = {}
        state: Mapped[str] = mapped_column(String(9), default="new")
    """
TABLES = """
    registry.map_imperatively(
        Shelf,
        shelves,
        properties={
            "packs": relationship(
                Pack,
                cascade="all, delete-orphan",
                order_by=packs.c.name,
            ),
        },
    )
    """


def fields(folder: Path, **files: str) -> ClassFields:
    write_project(folder / "app", {f"{name}.py": text for name, text in files.items()})
    return ClassFields(Declarations.of(find_target(folder / "app")).reading.trees)


def test_the_options_of_attributes_are_found_in_classes_and_in_imperative_mappings(tmp_path: Path) -> None:
    found = fields(tmp_path, models=MODELS.format('relationship(order_by="Pet.name")'), tables=TABLES)

    assert found.shaping({"pets"}) == (Location("models.py", 3, "option"),)
    assert found.shaping({"state"}) == (Location("models.py", 4, "option"),)
    assert found.shaping({"packs"}) == (Location("tables.py", 8, "option"),)
    assert found.shaping({"id", "other"}) == ()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("relationship()", [(3, False)]),
        ('relationship(\n            cascade="save-update, merge",\n        )', [(4, True)]),
        ('relationship(cascade="all, delete-orphan")', []),
        ('relationship(cascade="delete, save-update")', []),
        ("relationship(remote_side=[id])", []),
    ],
)
def test_a_relationship_that_does_not_delete_is_told(tmp_path: Path, value: str, kept: list[tuple[int, bool]]) -> None:
    found = fields(tmp_path, models=MODELS.format(value)).keeping({"Pet"})

    assert [(place.line, is_said) for place, is_said in found] == kept


def test_a_relationship_to_one_or_to_another_class_keeps_nothing(tmp_path: Path) -> None:
    one = MODELS.format("relationship()").replace('list["Pet"]', '"Owner"')

    assert fields(tmp_path, models=one).keeping({"Pet"}) == ()


@pytest.mark.parametrize(("line", "found"), [(3, [3]), (9, [])])
def test_the_field_with_a_default_before_a_field_without_is_found(tmp_path: Path, line: int, found: list[int]) -> None:
    text = "@dataclass\nclass Line:\n    number: int = 0\n    text: str\n    note: str = ''\n"

    places = fields(tmp_path, lines=text).default_before(Location("lines.py", 2 if line == 3 else line), {"text"})

    assert [place.line for place in places] == found
