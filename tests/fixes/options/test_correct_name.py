"""A misspelt or renamed table, column, class or other side gets its right name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.fixes.apps import BASE, cause, options_for, patched

MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base


class Customer(Base):
    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoices: Mapped[list["Invoice"]] = relationship("Invoice", back_populates="customer")


class Invoice(Base):
    __tablename__ = "invoices"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))  # who pays
    customer: Mapped["Customer"] = relationship("Customer", back_populates="invoices")
"""


SQLMODEL = """
from typing import List, Optional

from sqlmodel import Field, Relationship, SQLModel


class Team(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    heroes: List["Hero"] = Relationship(back_populates="team")


class Hero(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    team_id: Optional[int] = Field(
        default=None,
        foreign_key="team.id",
    )
    team: Optional[Team] = Relationship(back_populates="heroes")
"""


def broken(kind: str, text: str, models: str = MODELS) -> Cause:
    return cause(kind, "x", f"app/models.py:{line_of(text, models)} relationship")


def line_of(text: str, models: str) -> int:
    return next(number for number, one in enumerate(models.lstrip().splitlines(), 1) if text in one)


def hero_apart() -> tuple[str, str]:
    """The two classes in a file each; what Hero names as its other side is misspelt."""
    team, hero = SQLMODEL.replace("Optional[Team]", 'Optional["Team"]').split("class Hero(")
    top = "from typing import Optional\n\nfrom sqlmodel import Field, Relationship, SQLModel\n\n\n"
    return team, f"{top}class Hero({hero}".replace('"heroes"', '"heroes_all"')


def files(models: str, **others: str) -> dict[str, str | bytes]:
    return {
        "app/__init__.py": "",
        "app/base.py": BASE,
        "app/models.py": models,
        **{f"app/{name}.py": text for name, text in others.items()},
    }


@pytest.mark.parametrize("kind", ["foreign-key", "broken-relationship"])
def test_names_that_are_right_have_no_option(kind: str, tmp_path: Path) -> None:
    assert options_for(tmp_path, files(MODELS), broken(kind, "who pays")) == {}


@pytest.mark.parametrize(
    ("kind", "place", "right", "wrong", "more"),
    [
        ("foreign-key", "who pays", '"customers.id"', '"customer.id"', 'customer = Table("customer", Base.metadata)'),
        ("broken-relationship", "invoices: Mapped", '("Invoice"', '("Invoices"', "class Invoices: ..."),
    ],
)
def test_what_exists_and_is_no_mapped_class_is_not_misspelt(
    kind: str, place: str, right: str, wrong: str, more: str, tmp_path: Path
) -> None:
    others = f"from sqlalchemy import Table\nfrom app.base import Base\n\n{more}\n"

    assert options_for(tmp_path, files(MODELS.replace(right, wrong), others=others), broken(kind, place)) == {}


def test_a_table_that_none_is_like_has_no_option(tmp_path: Path) -> None:
    other = MODELS.replace('"customers.id"', '"payers.id"')

    assert options_for(tmp_path, files(other), broken("foreign-key", "who pays")) == {}


@pytest.mark.parametrize(
    ("kind", "place", "right", "wrong"),
    [
        ("foreign-key", "who pays", '"customers.id"', '"customer.id"'),
        ("foreign-key", "who pays", '"customers.id"', '"customers.idd"'),
        ("broken-relationship", "invoices: Mapped", 'relationship("Invoice"', 'relationship("Invoices"'),
        ("broken-relationship", "customer: Mapped", 'back_populates="invoices"', 'back_populates="invoice"'),
    ],
)
def test_the_right_name_takes_the_place_of_the_wrong_one(
    kind: str, place: str, right: str, wrong: str, tmp_path: Path
) -> None:
    (option,) = options_for(tmp_path, files(MODELS.replace(right, wrong)), broken(kind, place)).values()

    assert patched(tmp_path, option)["app/models.py"] == MODELS.lstrip()


@pytest.mark.parametrize("argument", ["", "Customer, "])
def test_the_other_side_is_corrected_where_no_string_names_the_class(tmp_path: Path, argument: str) -> None:
    right, wrong = (
        'relationship("Customer", back_populates="invoices")',
        f'relationship({argument}back_populates="bills")',
    )
    models = MODELS.replace(right, wrong)
    models = models.replace("invoices: Mapped", "bill: Mapped")

    option = options_for(tmp_path, files(models), broken("broken-relationship", "customer: Mapped"))["correct-name"]

    assert option.title == 'Correct the name: "bills" → "bill"'
    assert f'relationship({argument}back_populates="bill")' in patched(tmp_path, option)["app/models.py"]


@pytest.mark.parametrize("text", ["heroes: List", "team_id: ", "team: Optional"])
def test_names_of_sqlmodel_that_are_right_have_no_option(text: str, tmp_path: Path) -> None:
    assert options_for(tmp_path, files(SQLMODEL), broken("broken-relationship", text, SQLMODEL)) == {}


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ('List["Villain"] = ', "heroes: List"),  # no class is called so, and none is like it
        ('List["Hero"] = Field(default="Heros") or ', "heroes: List"),  # a text that names no class
    ],
)
def test_what_is_like_no_class_stays(wrong: str, text: str, tmp_path: Path) -> None:
    models = SQLMODEL.replace('List["Hero"] = ', wrong)

    assert options_for(tmp_path, files(models), broken("broken-relationship", text, models)) == {}


def test_another_side_that_several_classes_may_have_is_not_guessed(tmp_path: Path) -> None:
    team, hero = hero_apart()
    at = cause("broken-relationship", "x", f"app/hero.py:{line_of('team: Optional', hero)} relationship")

    assert options_for(tmp_path, files("", one=team, two=team, hero=hero), at) == {}


@pytest.mark.parametrize(
    ("place", "right", "wrong"),
    [
        ("team_id: ", '"team.id"', '"teams.id"'),
        ("heroes: List", 'List["Hero"]', 'List["Heros"]'),
        ("heroes", 'List["Hero"]', '"List[Heros]"'),
        ("heroes: List", 'back_populates="team"', 'back_populates="teams"'),
        ("team: Optional", 'back_populates="heroes"', 'back_populates="heroes_all"'),
    ],
)
def test_the_right_name_takes_the_place_of_the_wrong_one_with_sqlmodel(
    place: str, right: str, wrong: str, tmp_path: Path
) -> None:
    models = SQLMODEL.replace(right, wrong)
    twin = SQLMODEL.replace("heroes", "people").replace('"team"', '"troop"').replace("    team:", "    troop:")

    (option,) = options_for(
        tmp_path, files(models, twin=twin), broken("relationship-target-unknown", place, models)
    ).values()

    assert patched(tmp_path, option)["app/models.py"].replace('"List[Hero]"', 'List["Hero"]') == SQLMODEL.lstrip()


def test_of_classes_of_one_name_the_one_at_the_cause_tells_the_other_side(tmp_path: Path) -> None:
    team, hero = hero_apart()
    at = cause(
        "broken-relationship",
        "x",
        f"app/hero.py:{line_of('team: Optional', hero)} relationship",
        f"app/one.py:{line_of('class Team', team)} definition",
    )
    other = team.replace("heroes", "people")

    (option,) = options_for(tmp_path, files("", one=team, two=other, hero=hero), at).values()

    assert 'back_populates="heroes")' in patched(tmp_path, option)["app/hero.py"]


def test_the_class_is_corrected_in_the_annotation_of_a_plain_relationship(tmp_path: Path) -> None:
    models = MODELS.replace('list["Invoice"]] = relationship("Invoice", ', 'list["Invoices"]] = relationship(')

    (option,) = options_for(tmp_path, files(models), broken("broken-relationship", "invoices: Mapped")).values()

    assert option.title == 'Correct the name: "Invoices" → "Invoice"'
    assert 'Mapped[list["Invoice"]] = relationship(back' in patched(tmp_path, option)["app/models.py"]


LOCAL = """
def test_orders(db):
    class Owner(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        orders = db.relationship("OrderLine", back_populates="owner")

    class OrderLine(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        owner_id = db.Column(db.ForeignKey("owner.id"))
        owner = db.relationship(Owner, back_populates="orders")


def test_lines(db):
    class Line(db.Model):
        __tablename__ = "order_lines"
        id = db.Column(db.Integer, primary_key=True)
        order_id = db.Column(db.ForeignKey("order_line.id"))
"""


def of_test(text: str, models: str) -> Cause:
    return cause("broken-relationship", "x", f"tests/test_a.py:{line_of(text, models)} relationship")


@pytest.mark.parametrize("text", ["orders = ", "owner_id = ", "owner = "])
def test_right_names_of_classes_within_a_test_have_no_option(text: str, tmp_path: Path) -> None:
    assert options_for(tmp_path, {"tests/test_a.py": LOCAL}, of_test(text, LOCAL)) == {}


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("orders = ", '"OrderLine"', '"OrderLines"'),
        ("orders = ", 'back_populates="owner"', 'back_populates="owners"'),
        ("owner_id = ", '"owner.id"', '"owners.id"'),
        ("owner = ", 'back_populates="orders"', 'back_populates="orders_all"'),
        ("order_id = ", '"order_lines.id"', '"order_line.id"'),
    ],
)
def test_classes_within_a_test_are_known_to_it(text: str, right: str, wrong: str, tmp_path: Path) -> None:
    meant = LOCAL.replace('"order_line.id"', '"order_lines.id"')
    models = meant.replace(right, wrong)

    (option,) = options_for(tmp_path, {"tests/test_a.py": models}, of_test(text, models)).values()

    assert option.on_tests
    assert patched(tmp_path, option)["tests/test_a.py"] == meant.lstrip()


def test_the_classes_of_another_test_are_not(tmp_path: Path) -> None:
    models = LOCAL.replace('"order_line.id"', '"owners.id"')

    assert options_for(tmp_path, {"tests/test_a.py": models}, of_test("order_id = ", models)) == {}
