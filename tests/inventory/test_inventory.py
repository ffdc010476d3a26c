"""The inventory as a whole, and what the collected suite makes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.errors import TargetError, UsageError
from kit.facts.inventory import InventoryFacts
from kit.inventory import Inventory, mark_loaded
from tests.helpers import fingerprint, write_project
from tests.inventory.mappers.test_from_runtime import APP, DUPLICATE
from tests.inventory.projects import target_at
from tests.reading_here import reading_here as reading_here

COLLIDING = {**APP, "app/users.py": DUPLICATE, "service.py": "from app.users import User\n"}


@pytest.fixture
def facts(tmp_path: Path) -> InventoryFacts:
    return Inventory.of(target_at(write_project(tmp_path, COLLIDING)), runtime=False).facts


@pytest.mark.slow
def test_source_and_running_target_in_one(tmp_path: Path) -> None:
    write_project(tmp_path, COLLIDING)
    before = fingerprint(tmp_path)
    facts = Inventory.of(target_at(tmp_path), timeout_s=40).facts
    assert facts.files == 6
    assert {item.sides for item in facts.mapped_classes} == {("source", "runtime")}
    assert [item.id for item in facts.findings] == ["duplicate-class:User", "duplicate-index:ix_orders_status"]
    assert [f"{item.path}:{item.line}" for item in facts.importers] == ["service.py:1"]
    assert [item.module for item in facts.runtime_errors] == [None]
    assert facts.problems == ()
    assert fingerprint(tmp_path) == before


def test_source_alone_finds_the_same(facts: InventoryFacts) -> None:
    assert {item.sides for item in facts.mapped_classes} == {("source",)}
    assert [item.id for item in facts.findings] == ["duplicate-class:User", "duplicate-index:ix_orders_status"]
    assert facts.runtime_errors == ()


def test_a_target_without_mappers_is_not_run(tmp_path: Path) -> None:
    write_project(tmp_path, {"a.py": "raise SystemExit", "sqlalchemy.py": "raise SystemExit"})
    facts = Inventory.of(target_at(tmp_path)).facts
    assert (facts.files, facts.mapped_classes, facts.problems) == (2, (), ())


@pytest.mark.slow
def test_examples_and_migrations_are_not_run_with_the_app(tmp_path: Path) -> None:
    trap = f"raise RuntimeError('must not run')\n{DUPLICATE}"
    write_project(tmp_path, {**APP, "alembic/old.py": trap, "examples/one.py": trap})
    facts = Inventory.of(target_at(tmp_path), timeout_s=40).facts
    assert facts.runtime_errors == ()
    assert facts.collisions[0].id == "User"
    assert {finding.severity for finding in facts.findings if finding.kind == "duplicate-class"} == {
        "blocks_when_both_imported"
    }


def test_without_an_interpreter_source_has_its_say(tmp_path: Path) -> None:
    target = replace(target_at(write_project(tmp_path, APP)), interpreter=None)
    facts = Inventory.of(target).facts
    assert len(facts.mapped_classes) == 2
    assert facts.problems == ("The mapper registry was not read: the target has no Python interpreter.",)


def test_without_room_for_a_copy_source_has_its_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise TargetError("the disk is full.")

    monkeypatch.setattr("kit.inventory.inventory.probe_runtime", full)
    facts = Inventory.of(target_at(write_project(tmp_path, APP))).facts
    assert facts.problems == ("The mapper registry was not read: the disk is full.",)


@pytest.mark.slow
def test_a_broken_file_costs_nothing_but_itself(tmp_path: Path) -> None:
    write_project(tmp_path, {**APP, "app/broken.py": "from app.user import User\nclass (:\n", "data.py": b"\x00\xff"})
    found = Inventory.of(target_at(tmp_path), timeout_s=40)
    assert {item.id for item in found.facts.findings} >= {"unparsable-file:app/broken.py", "unparsable-file:data.py"}
    assert len(found.facts.mapped_classes) == 2
    assert [item.path for item in found.importers("app.user:User")] == ["app/broken.py"]


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("app.usr", "Nothing imports a module app.usr, and the target has none of that name; did you mean app.user?"),
        ("zzz", "Nothing imports a module zzz, and the target has none of that name."),
        ("app.db:Usr", "The module app.db has no Usr, and nothing imports it from there."),
    ],
)
def test_a_question_about_nothing(tmp_path: Path, spec: str, sentence: str) -> None:
    found = Inventory.of(target_at(write_project(tmp_path, APP)), runtime=False)
    with pytest.raises(UsageError) as raised:
        found.importers(spec)
    assert str(raised.value) == sentence


def test_a_module_or_name_that_nobody_imports_has_no_importers(tmp_path: Path) -> None:
    found = Inventory.of(target_at(write_project(tmp_path, APP)), runtime=False)
    assert found.importers("app.order") == ()
    assert found.importers("app.order:Order") == ()


@pytest.mark.parametrize("spec", ["app/user.py:User", "./app/user.py:User", r"app\user.py:User", "app.user:User"])
def test_the_path_of_its_file_stands_for_a_module(tmp_path: Path, spec: str) -> None:
    files = {"tests/test_it.py": "from app.user import User\n", "app/user.py": "class User: ...\n"}
    found = Inventory.of(target_at(write_project(tmp_path, files)), runtime=False)
    assert [item.path for item in found.importers(spec)] == ["tests/test_it.py"]


def severity_of(facts: InventoryFacts) -> str:
    return next(item.severity for item in facts.findings if item.id == "duplicate-class:User")


EVERYTHING = {"app.user": "app/user.py", "app.users": "app/users.py", "app.order": "app/order.py"}


@pytest.mark.parametrize(
    ("missing", "loaded", "severity"),
    [
        (None, True, "blocks_now"),
        ("app.users", False, "blocks_when_both_imported"),
        ("app.user", False, "blocks_when_both_imported"),
        ("app.order", True, "blocks_when_both_imported"),
    ],
)
def test_what_the_suite_has_loaded_decides(
    facts: InventoryFacts, missing: str | None, loaded: bool, severity: str
) -> None:
    modules = {name: path for name, path in EVERYTHING.items() if name != missing}
    marked = mark_loaded(facts, modules)
    assert (marked.collisions[0].loaded, severity_of(marked)) == (loaded, severity)
    assert mark_loaded(marked, modules) == marked


def test_a_later_run_that_loads_more_is_judged_anew(facts: InventoryFacts) -> None:
    waiting = mark_loaded(facts, {"app.user": "app/user.py"})
    assert [item.id for item in waiting.findings] == ["duplicate-index:ix_orders_status", "duplicate-class:User"]
    assert severity_of(mark_loaded(waiting, EVERYTHING)) == "blocks_now"


def test_a_suite_that_was_not_collected_says_nothing(facts: InventoryFacts) -> None:
    assert mark_loaded(facts, {}) == facts
    assert facts.collisions[0].loaded is None


def test_the_module_to_ask_about_first(tmp_path: Path) -> None:
    colliding = Inventory.of(target_at(write_project(tmp_path / "a", COLLIDING)), runtime=False)
    assert colliding.central_module == colliding.facts.collisions[0].classes[0].mapped.module
    healthy = {"one.py": "import two", "two.py": "", "three.py": "import two"}
    assert Inventory.of(target_at(write_project(tmp_path / "b", healthy)), runtime=False).central_module == "two"
    assert Inventory.of(target_at(write_project(tmp_path / "c", {"a.txt": ""})), runtime=False).central_module is None


def test_the_neighbours_of_the_modules_that_block_are_facts(facts: InventoryFacts) -> None:
    users = next(one for one in facts.neighbourhoods if one.path == "app/users.py")
    assert users.module == "app.users"
    assert [one.module for one in users.importers] == ["service"]
    blocking = {place.path for item in facts.findings if item.severity != "smell" for place in item.locations}
    assert {one.path for one in facts.neighbourhoods} <= blocking
