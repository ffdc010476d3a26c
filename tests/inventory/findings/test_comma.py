"""A comma too many or too few in the body of a mapped class, judged as SQLAlchemy itself judges it."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source
from tests.inventory.real import complaint, module

BODIES = {
    "x = Column(Integer),": "smell",
    "__table_args__ = (UniqueConstraint('id', name='u'))": "blocks_now",
    "__table_args__ = Index('i', 'id')": "blocks_now",
    "x = Column(Integer)": None,
    "__table_args__ = (UniqueConstraint('id', name='u'),)": None,
    "__table_args__ = {'schema': None}": None,
    "x = (1,)": None,
}


@pytest.mark.parametrize("body", BODIES)
def test_a_comma(body: str) -> None:
    text = module(f"class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n    {body}\n")
    severity = BODIES[body]
    found = Source({"m.py": text}).found("comma")
    assert [finding.severity for finding in found] == ([severity] if severity else [])
    if severity != "smell":  # the lost column is only warned of, in some series
        assert (complaint(text) is not None) == (severity is not None)
