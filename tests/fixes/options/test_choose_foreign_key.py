"""A relationship between tables that several foreign keys join says which one it follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.fixes.apps import BASE, cause, options_for, patched

MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base

PLAN = "plans.id"


class Plan(Base):
    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))


class Policy(Base):
    __tablename__ = "policies"

    id: Mapped[int] = mapped_column(primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey(PLAN))
    plan_id: Mapped[int] = mapped_column(ForeignKey(PLAN))
    plan = relationship("Plan", backref="policies")  # the one that counts
"""
LINE = 22


def files(models: str = MODELS) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/base.py": BASE, "app/models.py": models.lstrip()}


def broken(line: int = LINE) -> Cause:
    return cause("broken-relationship", "Policy.plan", f"app/models.py:{line} relationship")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Plan", backref', '"Plan", foreign_keys=[plan_id], backref'),
        ('"Plan", backref', '"Plan", primaryjoin="Policy.plan_id == Plan.id", backref'),
        ('"Plan", backref', '"Pan", backref'),
        ('ForeignKey("policies.id")', ""),
    ],
    ids=["one is named", "the join is written out", "no such class", "one in the other direction less"],
)
def test_nothing_is_chosen_where_something_else_is_wrong(tmp_path: Path, old: str, new: str) -> None:
    models = MODELS.replace(old, new)
    if not new:  # and one less in this direction: a single one is left
        models = models.replace("    old_id: Mapped[int] = mapped_column(ForeignKey(PLAN))\n", "")

    assert "choose-foreign-key" not in options_for(tmp_path, files(models), broken(LINE if new else LINE - 1))


def test_the_key_that_is_named_like_the_relationship_comes_first(tmp_path: Path) -> None:
    found = options_for(tmp_path, files(), broken())

    assert [option.title for option in found.values()] == [
        f"Let the relationship follow Policy.plan_id (app/models.py:{LINE})",
        f"Let the relationship follow Policy.old_id (app/models.py:{LINE})",
        f"Let the relationship follow Plan.policy_id (app/models.py:{LINE})",
    ]
    text = patched(tmp_path, found["choose-foreign-key"])["app/models.py"]
    assert (
        '    plan = relationship("Plan", foreign_keys=[plan_id], backref="policies")  # the one that counts\n' in text
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('relationship("Plan")', 'relationship("Plan", foreign_keys=[plan_id])'),
        ('relationship("Plan", )', 'relationship("Plan", foreign_keys=[plan_id], )'),
        ('relationship("Plan", secondary="both")', None),
    ],
)
def test_the_other_arguments_stay_as_they_are(tmp_path: Path, before: str, after: str | None) -> None:
    found = options_for(tmp_path, files(MODELS.replace('relationship("Plan", backref="policies")', before)), broken())

    assert ("choose-foreign-key" in found) == (after is not None)
    if after:
        assert after in patched(tmp_path, found["choose-foreign-key"])["app/models.py"]


def test_a_column_that_comes_later_is_named_in_a_string(tmp_path: Path) -> None:
    line = '    plan = relationship("Plan", backref="policies")  # the one that counts\n'
    earlier = MODELS.replace(line, "").replace("    old_id:", f"{line}    old_id:")

    found = options_for(tmp_path, files(earlier), broken(LINE - 2))

    assert 'foreign_keys="Policy.plan_id"' in patched(tmp_path, found["choose-foreign-key"])["app/models.py"]
