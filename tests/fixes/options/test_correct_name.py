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


def broken(kind: str, text: str) -> Cause:
    line = next(number for number, one in enumerate(MODELS.lstrip().splitlines(), 1) if text in one)
    return cause(kind, "x", f"app/models.py:{line} relationship")


def files(models: str) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/base.py": BASE, "app/models.py": models}


@pytest.mark.parametrize("kind", ["foreign-key", "broken-relationship"])
def test_names_that_are_right_have_no_option(kind: str, tmp_path: Path) -> None:
    assert options_for(tmp_path, files(MODELS), broken(kind, "who pays")) == {}


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
