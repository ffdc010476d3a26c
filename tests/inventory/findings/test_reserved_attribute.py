"""Attributes that declarative classes keep for themselves, judged as SQLAlchemy itself judges them."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

BODIES = {
    "metadata = Column(JSON)": True,
    "metadata: Mapped[dict] = mapped_column(JSON)": True,
    "metadata: Mapped[str]": True,
    "meta = Column('metadata', JSON)": False,
    "metadata = MetaData()": False,
    "metadatas = Column(JSON)": False,
    "__table__ = Table('a', Base.metadata, Column('id', Integer, primary_key=True))": False,
}


@pytest.mark.parametrize(("body", "broken"), BODIES.items(), ids=BODIES.keys())
def test_a_reserved_name(body: str, broken: bool) -> None:
    head = "" if "__table__" in body else "    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    text = module(f"class A(Base):\n{head}    {body}\n")
    assert ("reserved" in (complaint(text) or "")) == broken
    found = Source({"m.py": text}).found("reserved-attribute")
    title = 'A maps an attribute named "metadata", which is reserved'
    assert [(item.severity, item.title) for item in found] == [("blocks_now", title)] * broken


@pytest.mark.parametrize(
    ("name", "series", "severity"),
    [
        ("metadata", (1, 4), "blocks_now"),
        ("metadata", (2, 0), "blocks_now"),
        ("metadata", (2, 1), "smell"),
        ("metadata", (3, 0), "smell"),
        ("registry", (1, 4), "smell"),
        ("registry", (2, 0), "smell"),
        ("registry", None, "smell"),
    ],
)
def test_what_the_installed_series_only_warns_of_blocks_nothing(
    name: str, series: tuple[int, int] | None, severity: str
) -> None:
    columns = f"    id = Column(Integer, primary_key=True)\n    {name} = Column(Text)\n"
    project = Source({"m.py": module(f"class A(Base):\n    __tablename__ = 'a'\n{columns}")})
    project.sqlalchemy = series
    assert [item.severity for item in project.found("reserved-attribute")] == [severity]
