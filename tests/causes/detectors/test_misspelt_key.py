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


OBJECTS = """
    import pytest

    @pytest.fixture
    def order():
        class Order:
            number = 1
            created_{suffix} = "today"
            total = 7
        return Order

    @pytest.fixture
    def other():
        class Other:
            count_of_pages = 1
        return Other
    """
OF_OBJECTS = """
    def listed(cls):
        return {name: value for name, value in vars(cls).items() if name[0] != "_"}

    def test_keys(order):
        assert list(listed(order)) == ["number", "created", "total"]

    def test_one(order):
        found = listed(order)
        assert (found["number"], found["created"]) == (1, "today")

    def test_of_no_field(other):
        assert listed(other).get("first") == {"count": 1}["count"]
    """


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["text", "on_day"])
def test_a_field_that_was_renamed_is_one_cause_for_all_that_ask_for_it_as_a_key(tmp_path: Path, suffix: str) -> None:
    files = {"tests/conftest.py": OBJECTS.format(suffix=suffix), "tests/test_orders.py": OF_OBJECTS}
    causes, _ = investigated(tmp_path, files)

    renamed, other = sorted(causes, key=lambda cause: -cause.tests_blocked)
    assert renamed.title == f'The field "created_{suffix}" is probably what tests call "created"'
    assert (renamed.tests_blocked, places(renamed)[0]) == (2, "tests/conftest.py:7")
    assert other.kind == "failure-group", "the word is like a field, and nothing else in the test is about its class"
