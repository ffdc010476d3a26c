"""Tables whose foreign keys go round."""

from __future__ import annotations

from kit.inventory.mappers.records import RuntimeForeignKey, RuntimeTable
from tests.inventory.running import found


def circle(**options: bool) -> list[RuntimeTable]:
    said = {"use_alter": False, "named": False, **options}
    there = RuntimeForeignKey("x", "b", "id", **said, missing=None)
    back = RuntimeForeignKey("id", "a", "id", False, True, None)
    return [RuntimeTable(0, 9, "a", foreign_keys=(there,)), RuntimeTable(1, 9, "b", foreign_keys=(back,))]


def test_tables_whose_keys_go_round() -> None:
    (finding,) = found("table-cycle", *circle())
    assert finding.title == "The foreign keys of a and b go round"
    assert [str(place) for place in finding.locations] == ["m.py:6", "m.py:9"]
    assert "Without a name, these keys cannot be dropped first: a.x" in finding.evidence
    assert found("table-cycle", *circle(use_alter=True)) == []


def test_a_table_that_refers_to_itself_is_no_circle() -> None:
    key = RuntimeForeignKey("x", "a", "id", False, False, None)
    assert found("table-cycle", RuntimeTable(0, 9, "a", foreign_keys=(key,))) == []
