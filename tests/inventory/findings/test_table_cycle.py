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


def to(table: str, *, use_alter: bool = False, named: bool = True) -> RuntimeForeignKey:
    return RuntimeForeignKey("id", table, "id", use_alter, named, None)


def test_three_tables_that_go_round_are_one_finding() -> None:
    tables = [RuntimeTable(n, 9, name, foreign_keys=(to(far),)) for n, (name, far) in enumerate(("ab", "bc", "ca"))]

    (finding,) = found("table-cycle", *tables)

    assert finding.title == "The foreign keys of a, b and c go round"
    assert finding.details == {"tables": ["a", "b", "c"]}
    assert not any("Without a name" in line for line in finding.evidence)


def test_a_way_without_a_way_back_is_no_circle() -> None:
    tables = [RuntimeTable(0, 9, "a", foreign_keys=(to("b"),)), RuntimeTable(1, 9, "b")]

    assert found("table-cycle", *tables) == []


def test_tables_of_two_metadata_cannot_refer_to_each_other() -> None:
    tables = [RuntimeTable(0, 9, "a", foreign_keys=(to("b"),)), RuntimeTable(1, 8, "b", foreign_keys=(to("a"),))]

    assert found("table-cycle", *tables) == []


def test_two_circles_are_two_findings() -> None:
    pairs = (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"))
    tables = [RuntimeTable(n, 9, name, foreign_keys=(to(far),)) for n, (name, far) in enumerate(pairs)]

    assert [one.id for one in found("table-cycle", *tables)] == ["table-cycle:a", "table-cycle:c"]
