"""What stops tests early hides what they would meet next: told, counted, and never called measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kit.facts.causes import Cause
from kit.facts.inventory import Collision, Finding
from tests.causes.scenes import causes_of, collision, finding, inventory, result, suite
from tests.failures.live import failure_with

SETUP = failure_with("index ix_a already exists", "sqlite3.OperationalError", phase="setup", fixture="db")
CALL = failure_with("index ix_a already exists", "sqlite3.OperationalError")
INDEX = finding("duplicate-index", "ix_a", "app/models.py:3")


def by_id(*collisions: Collision, failures: int = 4) -> dict[str, Cause]:
    results = [result(f"t.py::{n}", SETUP) for n in range(failures)]
    return {cause.id: cause for cause in causes_of(suite(results, [SETUP]), inventory(collisions, [INDEX]))}


def test_an_index_that_stops_the_fixture_hides_the_collision_behind_it() -> None:
    index, collided = by_id(collision()).values()

    assert index.id == "duplicate-index:ix_a"
    assert (collided.id, collided.hidden_behind, collided.waiting) == ("mapper-collision:User", index.id, 4)
    assert collided.tests == ()


def test_the_evidence_says_how_the_waiting_tests_were_counted_and_that_it_is_an_expectation() -> None:
    collided = by_id(collision())["mapper-collision:User"]

    (counting,) = [item for item in collided.evidence if item.anchor == "#cause-duplicate-index:ix_a"]
    assert counting.text.startswith('4 tests would meet it next: their set-up failed in the fixture "db"')
    assert counting.text.endswith("This is predicted from the inventory, not measured")


def test_a_collision_is_hidden_also_where_the_inventory_cannot_tell_what_is_loaded() -> None:
    assert by_id(collision(loaded=None))["mapper-collision:User"].waiting == 4


def test_a_collision_that_waits_for_an_import_is_not_hidden() -> None:
    assert by_id(collision(loaded=False))["mapper-collision:User"].hidden_behind is None


def test_a_collision_that_no_relationship_names_blocks_no_mapper() -> None:
    assert by_id(collision(used=False))["mapper-collision:User"].hidden_behind is None


def test_tests_that_stop_outside_a_fixture_are_not_counted() -> None:
    results = [result("t.py::a", SETUP), result("t.py::b", CALL)]

    causes = causes_of(suite(results, [SETUP, CALL]), inventory([collision()], [INDEX]))

    assert [cause.waiting for cause in causes] == [None, 1]
    assert causes[0].tests_blocked == 2


def test_without_tests_at_the_index_nothing_is_hidden() -> None:
    causes = causes_of(suite([result("t.py::a")]), inventory([collision()], [INDEX]))

    assert {cause.hidden_behind for cause in causes} == {None}


def _ids(*findings: Finding, loaded: Sequence[str]) -> list[str]:
    results = [result(f"t.py::{n}", SETUP) for n in range(4)]
    facts = replace(suite(results, [SETUP]), loaded_modules={path: path for path in loaded})
    causes = causes_of(facts, inventory([collision()], [INDEX, *findings]))
    assert {cause.hidden_behind for cause in causes[1 : len(findings) + 2]} == {causes[0].id}
    return [cause.id for cause in causes]


def test_further_indexes_stand_before_the_collision_in_the_order_in_which_tables_are_defined() -> None:
    first = finding("duplicate-index", "ix_z", "app/early.py:9")
    later = finding("duplicate-index", "ix_b", "app/late.py:2")

    ids = _ids(later, first, loaded=["app/models.py", "app/early.py", "app/late.py"])

    assert ids == ["duplicate-index:ix_a", "duplicate-index:ix_z", "duplicate-index:ix_b", "mapper-collision:User"]


def test_what_comes_after_others_says_after_which() -> None:
    results = [result(f"t.py::{n}", SETUP) for n in range(4)]
    second = finding("duplicate-index", "ix_z", "app/models.py:9")
    causes = causes_of(suite(results, [SETUP]), inventory([collision()], [INDEX, second]))

    assert [cause.waiting for cause in causes] == [None, 4, 4]
    assert any("4 tests would meet it next: their set-up failed" in item.text for item in causes[1].evidence)
    assert any('would meet it after Index "ix_z" is created twice:' in item.text for item in causes[2].evidence)


def test_an_index_in_a_file_that_the_suite_does_not_import_is_not_next() -> None:
    results = [result(f"t.py::{n}", SETUP) for n in range(4)]
    other = finding("duplicate-index", "ix_z", "app/other.py:9")
    facts = replace(suite(results, [SETUP]), loaded_modules={"app.models": "app/models.py"})

    causes = causes_of(facts, inventory(findings=[INDEX, other]))

    assert [cause.hidden_behind for cause in causes] == [None, None]


def test_hidden_causes_stand_before_larger_ones_that_are_not_hidden() -> None:
    missing = failure_with("No module named 'redis'", "ModuleNotFoundError")
    results = [result(f"t.py::{n}", SETUP) for n in range(4)] + [result(f"u.py::{n}", missing) for n in range(3)]
    second = finding("duplicate-index", "ix_z", "app/models.py:9")

    causes = causes_of(suite(results, [SETUP, missing]), inventory(findings=[INDEX, second]))

    assert [cause.id for cause in causes] == ["duplicate-index:ix_a", "duplicate-index:ix_z", "missing-package:redis"]
