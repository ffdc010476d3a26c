"""A misspelt key is named where it is written, for all tests that ask for the right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.inventory import Declarations, Slips
from kit.target import find_target
from tests.causes.apps import investigated, places
from tests.helpers import write_project

APP = {
    "shop/labels.py": """
        COLUMNS = {
            "title": "Title",
            "pubisher": "Publisher",
        }
        WEIGHTS = {"novel": 2, "atlsa": 9}

        def heading(names):
            return [COLUMNS[name] for name in names]

        def parcel(kinds):
            return sum(WEIGHTS.get(kind, 0) for kind in kinds)
    """,
    "tests/test_labels.py": """
        from shop.labels import heading, parcel

        def test_heading(): assert heading(["title"]) == ["Title"]
        def test_publisher(): assert heading(["publisher"]) == ["Publisher"]
        def test_parcel(): assert parcel(["novel"]) == 2
        def test_atlas(): assert parcel(["atlas"]) == 9
        def test_both(): assert parcel(["atlas", "novel"]) == 11
    """,
}


@pytest.mark.slow
def test_the_key_is_named_for_a_lookup_that_fails_and_for_one_that_finds_nothing(tmp_path: Path) -> None:
    causes, _ = investigated(tmp_path, APP)

    found = {cause.kind + " " + places(cause)[0]: cause.tests_blocked for cause in causes}
    assert found == {"misspelt-key shop/labels.py:5": 2, "misspelt-key shop/labels.py:3": 1}
    assert causes[0].title == 'The key "atlsa" is probably a misspelt "atlas"'


@pytest.mark.parametrize(
    ("source", "word", "found"),
    [
        ('X = {"harbuor": 1}', "harbour", "harbuor"),
        ("X = dict(harbuor=1)", "harbour", "harbuor"),
        # a word of its own: beside the one that is asked for, used elsewhere, a plural, another number
        ('X = {"harbuor": 1, "harbour": 2}', "harbour", None),
        ('X = {"harbuor": 1}\nY = "harbuor"', "harbour", None),
        ('X = {"harbours": 1}', "harbour", None),
        ('X = {"line1": 1}', "line2", None),
        ('X = {"form": 1}', "from", "form"),
        ('X = {"sail": 1}', "harbour", None),
        ('X = "harbuor"', "harbour", None),
    ],
)
def test_which_key_stands_in_place_of_a_word(tmp_path: Path, source: str, word: str, found: str | None) -> None:
    target = find_target(write_project(tmp_path / "shop", {"shop/a.py": source + "\n"}))
    keys = Slips(Declarations.of(target).reading.trees).keys

    told = keys.instead_of(word, {"shop/a.py"})
    assert (told and told[0]) == found
    assert keys.instead_of(word, {"shop/b.py"}) is None
