"""An attribute that a mapped class does not have under that name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts, MappedClass
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, places, told, told_of
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

ORDER = MappedClass("Order", "shop.orders", "Order", "shop/orders.py", 5, "Base", "orders", columns=("id", "total"))
SAID = {
    "'Order' object has no attribute 'totl'": ('Order has no attribute "totl"', 'Order has a "total"'),
    "type object 'Order' has no attribute 'totl'": ('Order has no attribute "totl"', 'Order has a "total"'),
    "'totl' is an invalid keyword argument for Order": ('Order has no attribute "totl"', 'Order has a "total"'),
    "NOT NULL constraint failed: orders.total": (
        "orders.total is required and gets no value",
        "orders is defined here",
    ),
}


@pytest.mark.parametrize("message", SAID)
def test_class_and_attribute_are_read_in_each_wording(message: str) -> None:
    title, evidence = SAID[message]
    failure = failure_with(message, "AttributeError", frames=(own("shop/api.py", 8, "show", "order.totl"),))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    (cause,) = causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER,)))
    assert (cause.kind, cause.title) == ("missing-attribute", title)
    assert evidence in [item.text for item in cause.evidence]
    assert {"shop/api.py:8", "shop/orders.py:5"} <= {str(place) for place in cause.locations}


def test_an_attribute_of_a_class_that_is_not_mapped_is_not_its_business() -> None:
    failure = failure_with("'Basket' object has no attribute 'totl'", "AttributeError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    (cause,) = causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER,)))
    assert cause.kind == "failure-group"


def test_a_name_that_is_like_none_of_the_columns_leads_to_the_class_itself() -> None:
    failure = failure_with("'Order' object has no attribute 'currency'", "AttributeError")
    (cause,) = causes_of(
        suite([result("tests/test_a.py::test_a", failure)], [failure]), InventoryFacts(files=2, mapped_classes=(ORDER,))
    )

    assert next(item.text for item in cause.evidence) == "Order is defined here"


def test_of_two_classes_of_a_name_the_one_of_the_traceback_is_meant() -> None:
    other = MappedClass("Order", "old.orders", "Order", "old/orders.py", 9, "Base", "old_orders", columns=("total",))
    frames = (own("old/orders.py", 14, "show", "self.totl"),)
    failure = failure_with("'Order' object has no attribute 'totl'", "AttributeError", frames=frames)
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])

    (cause,) = causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER, other)))

    assert "old/orders.py:9" in {str(place) for place in cause.locations}
    assert "shop/orders.py:5" not in {str(place) for place in cause.locations}


def test_two_attributes_of_a_class_are_two_causes_and_one_attribute_is_one() -> None:
    said = ("'Order' object has no attribute 'totl'", "'totl' is an invalid keyword argument for Order")
    failures = [failure_with(one, "AttributeError") for one in (*said, "'Order' object has no attribute 'idd'")]
    results = [result(f"tests/test_a.py::test_{number}", one) for number, one in enumerate(failures)]

    causes = causes_of(suite(results, failures), InventoryFacts(files=2, mapped_classes=(ORDER,)))

    assert sorted((cause.title, cause.tests_blocked) for cause in causes) == [
        ('Order has no attribute "idd"', 1),
        ('Order has no attribute "totl"', 2),
    ]


def test_a_module_without_an_attribute_is_not_taken_for_a_class() -> None:
    failure = failure_with("module 'shop.orders' has no attribute 'Order'", "AttributeError")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])

    assert [cause.kind for cause in causes_of(facts, InventoryFacts(files=2, mapped_classes=(ORDER,)))] != [
        "missing-attribute"
    ]


MODELS = """
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates
    class Base(DeclarativeBase): ...
    class Member(Base):
        __tablename__ = "members"
        id: Mapped[int] = mapped_column(primary_key=True)
        mail: Mapped[str]
        @validates("mail")
        def check(self, key, value):
            value.lower()
    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        title: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "title", "polymorphic_identity": "item"}
    """
TABLES = """
    from sqlalchemy import Column, Integer, MetaData, Table
    from sqlalchemy.orm import registry
    metadata = MetaData()
    class Line: ...
    lines = Table(
        "lines",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("amount", Integer, nullable=False),
    )
    registry(metadata=metadata).map_imperatively(Line, lines)
    """


def _of_source(folder: Path, message: str) -> Cause:
    files = {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", "shop/models.py": MODELS, "shop/tables.py": TABLES}
    target = find_target(write_project(folder / "shop", files))
    failure = failure_with(message, "sqlalchemy.exc.IntegrityError", frames=(own("shop/desk.py", 40, "keep"),))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    inventory = Inventory.of(target, runtime=False).facts
    (cause,) = find_causes(inventory, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("NOT NULL constraint failed: members.mail", "shop/models.py:10"),
        ("NOT NULL constraint failed: items.kind", "shop/models.py:16"),
        ("NOT NULL constraint failed: lines.amount\n[SQL: INSERT INTO lines (sku) VALUES (?)]", "shop/tables.py:9"),
    ],
    ids=["validator", "discriminator", "column that nothing sets"],
)
def test_what_keeps_a_required_value_away_comes_first(tmp_path: Path, message: str, place: str) -> None:
    cause = _of_source(tmp_path, message)

    assert str(cause.locations[0]) == place
    assert "shop/desk.py:40" in [str(one) for one in cause.locations[:3]]


def test_a_required_column_without_a_value_is_to_get_one(tmp_path: Path) -> None:
    cause = _of_source(tmp_path, "NOT NULL constraint failed: items.title")

    assert [str(one) for one in cause.locations] == ["shop/desk.py:40", "shop/models.py:15"]
    assert cause.next_step.text.startswith("Give it a value where the row is made, or a default")


IN_FIXTURE = """
    import pytest
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    @pytest.fixture
    def models():
        class Base(DeclarativeBase): ...

        class Person(Base):
            __abstract__ = True
            name_text: Mapped[str]

        class Teacher(Person):
            __tablename__ = "teachers"
            id: Mapped[int] = mapped_column(primary_key=True)

        return Teacher
    """
OF_MODELS = """
    def test_keyword(models):
        assert models(name="Ida")

    def test_attribute(models):
        assert models(id=1).name is None

    def test_class(models):
        assert models.name

    def test_unlike(models):
        assert models(id=1).salary is None
    """


@pytest.mark.slow
def test_an_attribute_of_a_class_that_a_fixture_maps_is_one_cause_with_the_line_that_renamed_it(tmp_path: Path) -> None:
    files = {"tests/conftest.py": IN_FIXTURE, "tests/test_a.py": OF_MODELS}
    causes, _ = investigated(tmp_path, files)

    renamed, unlike = sorted(causes, key=lambda cause: -cause.tests_blocked)
    assert (renamed.title, renamed.tests_blocked) == ('Teacher has no attribute "name"', 3)
    assert "tests/conftest.py:10" in places(renamed)[:3]
    assert next(item.text for item in renamed.evidence) == 'Teacher has a "name_text"'
    assert unlike.kind == "failure-group", "no attribute is like it, so the source does not tell"


LIKE = """
    class Basket:
        def __init__(self, full):
            self.amounts = []
            if full:
                self.amount = 1

    def show(basket):
        return basket.amount
    """


@pytest.mark.slow
def test_an_attribute_that_the_class_does_declare_is_not_said_to_be_renamed(tmp_path: Path) -> None:
    tests = "from shop.desk import Basket, show\ndef test_a():\n    assert show(Basket(False))\n"
    (cause,), _ = investigated(tmp_path, {"shop/desk.py": LIKE, "tests/test_a.py": tests})

    assert cause.kind == "failure-group"


SETTINGS = """
    class Settings:
        {renamed} = 10
        read_timeout = 3
        spare_list = ()

        def reads(self):
            return self.read_timeout, self.max_app_sizes()

        def max_app_sizes(self):
            return self.max_app_sizes
    """


@pytest.mark.parametrize(
    ("name", "renamed", "found"),
    [
        ("max_app_queue_size", "max_queued", ["shop/settings.py:2", "shop/web.py:3"]),
        ("keep_alive_timeout", "idle_timeout", ["shop/settings.py:2", "shop/web.py:3"]),
        ("max_app_size", "max_queued", ["shop/web.py:3", "shop/settings.py:9"]),
        ("colour", "max_queued", ["shop/web.py:3", "shop/settings.py:1"]),
    ],
    ids=["a word in common", "another word", "misspelt where it is read", "nothing in common"],
)
def test_a_setting_that_nothing_uses_under_its_new_name_is_the_one_that_was_meant(
    tmp_path: Path, name: str, renamed: str, found: list[str]
) -> None:
    web = f"def serve(settings):\n    settings.reads()\n    return settings.{name}\n"
    frames = (own("shop/web.py", 3, "serve"),)
    failure = failure_with(f"'Settings' object has no attribute '{name}'", "AttributeError", frames=frames)
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])

    (cause,) = told_of(tmp_path, {"shop/settings.py": SETTINGS.format(renamed=renamed), "shop/web.py": web}, facts)

    assert places(cause) == found
    assert (f'Nothing else names "{renamed}"' in told(cause)) is (found[0] == "shop/settings.py:2")
