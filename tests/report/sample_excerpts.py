"""The sample incident whose first cause shows lines of several files."""

from __future__ import annotations

from dataclasses import replace

from kit.facts.case import CaseFacts
from kit.facts.causes import Excerpt
from tests.report import samples

_LINES = (
    "class Order(Base):",
    '    __tablename__ = "orders"',
    '    __table_args__ = (Index("ix_orders_status", "status"), {"extend_existing": True})',
    "",
    "    id: Mapped[int] = mapped_column(primary_key=True)",
)


def with_excerpts(number: int) -> CaseFacts:
    """The incident with ``number`` excerpts of five lines, the third one marked."""
    facts = samples.incident()
    assert facts.causes
    excerpts = tuple(Excerpt(f"backend/app/part_{one}/models.py", 38, _LINES, (40,)) for one in range(1, number + 1))
    return replace(facts, causes=(replace(facts.causes[0], excerpts=excerpts), *facts.causes[1:]))
