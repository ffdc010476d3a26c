"""The planting tool itself: every kind finds its places, what it plants is found, and the scores are right."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.places import Location
from tests.causes.scenes import result, suite
from tests.helpers import write_project
from tests.plant.app import App, Place, Planting, held_out
from tests.plant.apps import Source, known_sources
from tests.plant.choosing import candidates, sets_of
from tests.plant.kinds import KINDS
from tests.plant.measure_fixes import fine_tests
from tests.plant.runs import NOTHING_RAN, investigate
from tests.plant.scores import (
    adjusted_rand_index,
    all_named,
    all_show,
    labels_of,
    names_file,
    names_line,
    wrong_merges,
)

pytestmark = pytest.mark.slow

#: one place, at least, for every kind
APP = {
    "shop/__init__.py": "",
    "shop/models.py": """
        from sqlalchemy import Column, ForeignKey, Integer, String
        from sqlalchemy.orm import declarative_base, relationship

        Base = declarative_base()

        class Owner(Base):
            __tablename__ = "owners"
            id = Column(Integer, primary_key=True)
            name = Column(String(40))
            orders = relationship("Order", back_populates="owner")

        class Order(Base):
            __tablename__ = "orders"
            id = Column(Integer, primary_key=True)
            owner_id = Column(ForeignKey("owners.id"))
            owner = relationship("Owner", back_populates="orders")
        """,
    "shop/prices.py": """
        from datetime import datetime, timezone

        ROUNDED = True

        def price(amount, rate=2):
            if amount < 1:
                return 0
            return taxed(amount=amount * rate)

        def taxed(amount):
            return amount.real + 1

        def stamp():
            return datetime.now(timezone.utc)
        """,
    "shop/basket.py": """
        class Basket:
            def __init__(self):
                self.items = []
                self.total = 0
        """,
    "shop/app.py": """
        from fastapi import APIRouter, FastAPI

        from shop.prices import price

        router = APIRouter()

        @router.get("/price")
        def read_price(amount: int):
            return {"price": price(amount)}

        app = FastAPI()
        app.include_router(router)
        """,
    "tests/conftest.py": """
        import pytest
        from shop.models import Base

        @pytest.fixture
        def engine():
            from sqlalchemy import create_engine
            engine = create_engine("sqlite://")
            Base.metadata.create_all(engine)
            yield engine
        """,
    "tests/test_prices.py": """
        from unittest.mock import patch

        from shop.prices import price, stamp

        def test_price():
            assert price(2) == 5

        def test_patched(engine):
            with patch("shop.prices.taxed", lambda amount: 1):
                assert price(2) == 1

        def test_stamp():
            assert stamp().tzinfo
        """,
}


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App.read("shop", write_project(tmp_path / "shop", APP))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_finds_a_place_and_changes_what_it_says_it_changes(app: App, kind: str) -> None:
    found = list(candidates(app, kind, seed=1))

    assert found
    for planting in found:
        assert planting.kind == kind
        for path, text in planting.edits:
            before = app.files[path].text if path in app.files else None
            assert text != before
        for place in planting.places:
            text = dict(planting.edits).get(place.path) or app.files[place.path].text
            assert text.splitlines()[place.line - 1].strip()
    assert [one.id for one in found] == [one.id for one in candidates(app, kind, seed=1)]


def test_all_but_one_kind_leave_python_that_can_be_parsed(app: App) -> None:
    broken = set()
    for kind in KINDS:
        for planting in candidates(app, kind, seed=1):
            try:
                for _, text in planting.edits:
                    ast.parse(text or "")
            except SyntaxError:
                broken.add(kind)

    assert broken == {"syntax-error"}


def test_a_planting_is_written_and_what_it_moves_is_gone(app: App, tmp_path: Path) -> None:
    moved = next(one for one in candidates(app, "module-moved", seed=1) if "prices_core" in one.what)

    moved.write(tmp_path / "shop")

    assert not (tmp_path / "shop/shop/prices.py").exists()
    assert (tmp_path / "shop/shop/prices_core.py").read_text() == app.files["shop/prices.py"].text


def test_sets_hold_no_two_plantings_of_one_file_and_are_the_same_for_a_seed(app: App) -> None:
    plantings = [next(candidates(app, kind, seed=1)) for kind in KINDS]

    chosen = list(sets_of(plantings, seed=1, wanted=5))

    assert chosen == list(sets_of(plantings, seed=1, wanted=5))
    assert {len(one) for one in chosen} >= {2, 3}
    for one in chosen:
        paths = [path for planting in one for path in planting.paths]
        assert len(paths) == len(set(paths))


def test_about_a_third_is_held_out() -> None:
    held = sum(held_out(f"shop/kind/{number}.py:1") for number in range(600))

    assert 150 < held < 250


def test_every_listed_app_says_what_is_kept_of_it_and_the_demo_is_one() -> None:
    sources = list(known_sources())

    assert len(sources) > 4
    assert all(source.keep and source.suite for source in sources[:-1])
    assert sources[-1] == Source("demo")


def test_two_faults_in_the_demo_are_named_first_and_kept_apart(tmp_path: Path) -> None:
    source = Source("demo")
    app = source.read(tmp_path)
    fixture = next(one for one in candidates(app, "fixture-renamed", seed=1) if "make_user" in one.what)
    package = next(
        one for one in candidates(app, "missing-package", seed=1) if one.places[0].path.endswith("exports/formats.py")
    )

    outcome = investigate(source, [fixture, package], tmp_path)

    assert all_named(outcome.causes, [fixture, package])
    kinds = {cause.kind for cause in outcome.causes if cause.tests or cause.uncollectable}
    assert kinds == {"fixture-missing", "missing-package"}


def test_a_label_is_the_one_planting_that_makes_a_test_fail_so() -> None:
    one, other = planting("one", "a.py", 1), planting("other", "b.py", 2)
    ways = {"t::a": "KeyError: x", "t::b": "TypeError: y", "t::both": "OSError: z", "t::new": "?", "t::old": "KeyError"}
    alone = {
        one: {"t::a": "KeyError: x", "t::b": "ValueError: v", "t::both": "OSError: z", "t::old": "KeyError"},
        other: {"t::b": "TypeError: y", "t::both": "OSError: z"},
    }

    assert labels_of(ways, alone, {"t::old": "KeyError"}) == {"t::a": one, "t::b": other}


def test_a_cause_names_a_file_by_its_first_places_and_a_line_exactly() -> None:
    planted = planting("one", "a.py", 7)
    places = [Location("x.py", 1), Location("y.py", 1), Location("a.py", 8), Location("a.py", 7)]

    assert not names_file(cause(*places[:2]), planted)
    assert names_file(cause(*places[:3]), planted)
    assert not names_line(cause(*places), planted)
    assert names_line(cause(places[3]), planted)
    assert all_named([cause(places[0]), cause(places[1])], [planted]) is False
    assert all_named([cause(places[0]), cause(places[2])], [planted]) is True


@pytest.mark.parametrize(
    ("groups", "index", "merged"),
    [
        ("xxxyyy", 1.0, 0),
        ("yyyxxx", 1.0, 0),
        ("xxyyzz", 0.24242, 1),
        ("xxxxxx", 0.0, 3),
        ("xyxyxy", -0.11111, 2),
    ],
)
def test_the_index_of_known_partitions(groups: str, index: float, merged: int) -> None:
    labels = dict(zip("abcdef", "111222", strict=True))
    grouped = dict(zip("abcdef", groups, strict=True))

    assert adjusted_rand_index(labels, grouped) == pytest.approx(index, abs=1e-5)
    assert wrong_merges(labels, grouped) == merged


def planting(kind: str, path: str, line: int) -> Planting:
    return Planting(kind, "shop", kind, (Place(path, line),), ((path, "x = 1\n"),))


def cause(*places: Location) -> Cause:
    return Cause("c", "kind", "title", "unknown", places)


@pytest.mark.parametrize(
    ("ids", "fine"),
    [
        (("t.py::a[db_20]", "t.py::a[db_21]", "t.py::b"), {"t.py::a[db0]", "t.py::a[db1]", "t.py::b"}),
        (("t.py::a[db1]", "t.py::a[db0]", "t.py::b"), {"t.py::a[db0]", "t.py::a[db1]", "t.py::b"}),
        (("t.py::a[db_20]", "t.py::b"), {"t.py::a[db_20]", "t.py::b"}),  # one is gone: nobody knows which
    ],
)
def test_variants_whose_ids_have_changed_are_those_of_the_healthy_app(ids: tuple[str, ...], fine: set[str]) -> None:
    healthy = suite([result(name) for name in ("t.py::a[db0]", "t.py::a[db1]", "t.py::b")])

    assert fine_tests(suite([result(name) for name in ids]), healthy) == fine


@pytest.mark.parametrize(
    ("one", "other", "show"),
    [
        ({"tests/test_a.py::test_1", "tests/test_a.py::test_2"}, {"tests/test_a.py::test_2", "tests/b.py::test"}, True),
        ({"tests/test_a.py::test_1"}, {"tests/test_a.py::test_1", "tests/b.py::test"}, False),
        ({"tests/test_a.py"}, {"tests/test_a.py::test_1"}, False),
        ({"tests/test_a.py"}, {"tests/test_a.py::test_1", "tests/b.py::test"}, True),
        ({"tests/conftest.py"}, {"tests/deep/test_a.py::test_1"}, False),
        ({"tests/deep/conftest.py"}, {"tests/test_a.py::test_1"}, True),
        ({"conftest.py"}, {"tests/test_a.py"}, False),
        ({NOTHING_RAN}, {"tests/test_a.py::test_1"}, False),
    ],
)
def test_faults_show_beside_each_other_unless_one_keeps_the_tests_of_the_other_from_being_collected(
    one: set[str], other: set[str], show: bool
) -> None:
    assert all_show([one, other]) is show
    assert all_show([other, one]) is show
