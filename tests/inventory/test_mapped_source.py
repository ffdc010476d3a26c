"""Validators that return nothing leave a field, or all of an argument, empty: which ones do is read from the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.places import Location
from kit.inventory import Declarations, MappedSource
from kit.target import find_target
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

SCHEMAS = """
    from pydantic import BaseModel, field_validator, model_validator

    class Pet(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def tidy(cls, value):
            {field}

    class Visit(BaseModel):
        pet: int

        @model_validator(mode="after")
        def check(self):
            if self.pet < 0:
                raise ValueError("no pet")
            {model}

    def add(visit: Visit, other):
        return visit.pet + other.pet
    """


def source(folder: Path, *, field: str, model: str) -> MappedSource:
    write_project(folder / "app", {"schemas.py": SCHEMAS.format(field=field, model=model)})
    return MappedSource(Declarations.of(find_target(folder / "app")).reading.trees)


@pytest.mark.parametrize(
    ("statement", "lines"), [("value.strip()", [9]), ("return value.strip()", []), ("raise ValueError(value)", [])]
)
def test_a_field_is_empty_where_its_validator_returns_nothing(tmp_path: Path, statement: str, lines: list[int]) -> None:
    found = source(tmp_path, field=statement, model="return self").silent_on("name")

    assert [place.line for place in found] == lines


def test_a_validator_of_another_field_says_nothing(tmp_path: Path) -> None:
    assert source(tmp_path, field="value.strip()", model="return self").silent_on("born") == ()


@pytest.mark.parametrize(("statement", "lines"), [("self.pet += 1", [18]), ("return self", [])])
def test_an_argument_is_empty_where_the_validator_of_its_class_returns_nothing(
    tmp_path: Path, statement: str, lines: list[int]
) -> None:
    mapped = source(tmp_path, field="return value", model=statement)

    assert [place.line for place in mapped.emptied(Location("schemas.py", 21), "pet")] == lines
    assert mapped.emptied(Location("schemas.py", 21), "name") == ()
