"""Fields whose values are given the other way round are one cause, at the class or at the call."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.places import Location
from kit.inventory import Declarations, Slips
from kit.target import find_target
from tests.causes.apps import investigated, places
from tests.helpers import write_project

APP = {
    "shop/parcels.py": """
        from dataclasses import dataclass

        @dataclass
        class Parcel:
            weight: float
            town: str

        def heavier(parcel):
            return Parcel(parcel.weight + 1, parcel.town)

        def read(line):
            town, weight = line.split()
            return Parcel(town, float(weight))
    """,
    "tests/test_parcels.py": """
        from shop.parcels import Parcel, heavier, read

        def test_heavier(): assert heavier(Parcel(1.0, "Ayr")).weight == 2.0
        def test_read(): assert read("Ayr 4").town == "Ayr"
        def test_read_and_add(): assert heavier(read("Ayr 4")).weight == 5.0
    """,
}


@pytest.mark.slow
def test_the_call_is_named_where_the_other_calls_fit(tmp_path: Path) -> None:
    causes, _ = investigated(tmp_path, APP, records=True)

    assert [(cause.kind, cause.tests_blocked) for cause in causes] == [("swapped-fields", 2)]
    assert places(causes[0])[:3] == ["shop/parcels.py:13", "shop/parcels.py:5", "shop/parcels.py:6"]


@pytest.mark.slow
def test_the_class_is_named_where_no_call_fits(tmp_path: Path) -> None:
    turned = APP["shop/parcels.py"].replace(
        "weight: float\n            town: str", "town: str\n            weight: float"
    )
    assert turned != APP["shop/parcels.py"]
    turned = turned.replace("Parcel(town, float(weight))", "Parcel(float(weight), town)")

    causes, _ = investigated(tmp_path, {**APP, "shop/parcels.py": turned}, records=True)

    assert causes[0].kind == "swapped-fields"
    assert places(causes[0])[:2] == ["shop/parcels.py:5", "shop/parcels.py:6"]


CLASS = (
    "@dataclass\nclass P:\n    name: str\n    size: int\n    note: str = ''\n\ndef f(name, size, other):\n    return "
)


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("P(size, name)", True),
        ("P(3, 'a')", True),
        ("P(int(other), name)", True),
        ("P(name, size)", False),
        ("P('a', 3)", False),
        ("P(other, other)", False),
        ("P(other, 3)", False),
        ("P(3, 4)", False),
        ("P(*name)", False),
        ("P(name='a', size=3)", False),
        ("P('note', 3, 'a')", False),
    ],
)
def test_which_calls_are_the_other_way_round(tmp_path: Path, call: str, found: bool) -> None:
    target = find_target(write_project(tmp_path / "shop", {"shop/a.py": f"{CLASS}{call}\n"}))

    swapped = Slips(Declarations.of(target).reading.trees).field_order.swapped(Location("shop/a.py", 8))

    assert (swapped is not None) == found
