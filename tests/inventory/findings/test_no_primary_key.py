"""Classes without a primary key, judged as SQLAlchemy itself judges them."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

CLASSES = {
    "id = Column(Integer)": True,
    "id: Mapped[int]": True,
    'id: Mapped[int] = mapped_column("pk", index=True)': True,
    "id = Column(Integer, primary_key=True)": False,
    "id: Mapped[int] = mapped_column(primary_key=True)": False,
    "id: Mapped[intpk]": False,
    "id: Mapped[Annotated[int, mapped_column(primary_key=True)]]": False,
    "id = Column(Integer); __mapper_args__ = {'primary_key': [id]}": False,
    "id = Column(Integer); __table_args__ = (PrimaryKeyConstraint('id'),)": False,
    "name = Column(String); id = made()": False,
    "name = Column(String); id = Column(Integer, **options)": False,
}
HEAD = """
intpk = Annotated[int, mapped_column(primary_key=True)]
options = {"primary_key": True}
def made():
    return Column(Integer, primary_key=True)
class Thing(Base):
    __tablename__ = "things"
"""


@pytest.mark.parametrize(("body", "broken"), CLASSES.items(), ids=CLASSES.keys())
def test_a_primary_key(body: str, broken: bool) -> None:
    text = module(f"{HEAD}    {body}\n")
    assert ("could not assemble any primary key" in (complaint(text) or "")) == broken
    found = Source({"m.py": text}).found("no-primary-key")
    assert [(item.severity, item.title) for item in found] == [("blocks_now", "Thing has no primary key")] * broken


INHERITED = {
    "class Mixin:\n    id = Column(Integer, primary_key=True)\nclass A(Mixin, Base):": False,
    "class Mixin:\n    other = Column(Integer)\nclass A(Mixin, Base):": True,
    "class Rooted(Base):\n    __abstract__ = True\n    id = Column(Integer, primary_key=True)\nclass A(Rooted):": False,
}


@pytest.mark.parametrize(("head", "broken"), INHERITED.items(), ids=range(len(INHERITED)))
def test_a_primary_key_from_above(head: str, broken: bool) -> None:
    text = module(f"{head}\n    __tablename__ = 'a'\n    name = Column(String)\n")
    assert (complaint(text) is not None) == broken
    assert bool(Source({"m.py": text}).found("no-primary-key")) == broken


def test_a_base_that_names_tables_and_brings_the_key_is_not_mapped_itself() -> None:
    text = module("").replace("class Base(DeclarativeBase): ...", "") + (
        "class Base(DeclarativeBase):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    @declared_attr.directive\n    def __tablename__(cls):\n        return cls.__name__\n"
        "class A(Base):\n    name: Mapped[str]\n"
    )
    project = Source({"m.py": text})
    assert complaint(text) is None
    assert list(project.mapped) == ["A"]
    assert project.found("no-primary-key") == []


def test_the_unknown_base_of_a_library_may_bring_it() -> None:
    text = module(
        "from advanced import PkMixin\nclass A(PkMixin, Base):\n    __tablename__ = 'a'\n    n = Column(Integer)"
    )
    assert Source({"m.py": text}).found("no-primary-key") == []


def test_a_mixin_with_a_table_name_is_not_mapped() -> None:
    text = module("""
        from typing import Generic, TypeVar
        T = TypeVar("T")
        class Mixin(Generic[T]):
            __tablename__ = "a"
            name: Mapped[str]
        class A(Mixin[int], Base):
            id: Mapped[int] = mapped_column(primary_key=True)
    """)
    project = Source({"m.py": text})
    assert complaint(text) is None
    assert list(project.mapped) == ["A"]
    assert project.found("no-primary-key") == []
