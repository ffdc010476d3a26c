"""Questions about the source have the same answer when an index answers them as when every file is read."""

from __future__ import annotations

import ast
import weakref
from pathlib import Path

import pytest

from kit.facts.places import Location
from kit.inventory import Declarations
from kit.inventory.declarations.slips import Slips
from kit.inventory.declarations.trees import Trees, parse
from kit.inventory.source.records import FileRecord
from kit.target import find_target
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
    "shop/__init__.py": "",
    "shop/settings.py": "class Settings:\n    enable_export: bool = False\n    signal_blending = True\n",
    "shop/flags.py": 'FLAGS = {"signal-blending": False}\nIX = "ix_orders"\n',
    "shop/orders.py": 'class Order:\n    total = "ix_orders"\n\n    def load(self): ...\n\n\ndef load(): ...\n',
}


def _answers(declared: Declarations) -> list[object]:
    return [
        declared.function("load"),
        declared.function("Order.load"),
        declared.classes("Order"),
        declared.in_class("Order", "total"),
        declared.string("ix_orders"),
        declared.defaults_of("export"),
        declared.defaults_of("signal_blending"),
    ]


def test_many_questions_are_answered_as_the_first_ones_are(tmp_path: Path) -> None:
    declared = Declarations.of(find_target(write_project(tmp_path / "shop", FILES)))
    first = _answers(declared)
    for number in range(40):
        declared.function(f"nothing_{number}")
    assert _answers(declared) == first
    assert all(first)


def test_a_setting_is_found_under_a_name_in_several_words(tmp_path: Path) -> None:
    declared = Declarations.of(find_target(write_project(tmp_path / "shop", FILES)))
    places = {str(one.location) for one in declared.defaults_of("signal-blending")}
    assert places == {"shop/flags.py:1"}  # it has the very name


def test_of_a_large_source_the_trees_that_were_used_last_are_kept_and_answers_stay_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = find_target(write_project(tmp_path / "shop", FILES))
    expected = _answers(Declarations.of(target))
    monkeypatch.setattr("kit.inventory.declarations.trees._MOST_KEPT", 100)
    trees = Trees(target.path, [FileRecord(f"shop/{name}.py") for name in ("settings", "flags", "orders")])

    first, used = trees.functions("shop/orders.py"), trees.tree("shop/orders.py")
    known = weakref.ref(used)
    del used
    for path in ("shop/settings.py", "shop/flags.py"):
        assert trees.tree(path) is trees.tree(path)

    assert known() is None
    assert trees.functions("shop/orders.py").keys() == first.keys() == {"load"}
    assert _answers(Declarations.of(target)) == expected


def test_a_file_that_imports_nothing_by_a_name_put_together_costs_no_look_at_all_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_name = 'import importlib\n\n\ndef load(name): importlib.import_module(f"shop.{name}")\n'
    declared = Declarations.of(find_target(write_project(tmp_path / "shop", {**FILES, "shop/loads.py": by_name})))
    looked: list[str] = []
    monkeypatch.setattr(
        "kit.inventory.declarations.functions.role_of", lambda path: looked.append(path) or "production"
    )

    assert declared.loaded_by_name("shop/orders.py") == {}
    assert looked == []
    assert declared.loaded_by_name("shop/loads.py")["orders"] == ("shop/orders.py",)


def test_of_the_modules_that_one_name_stands_for_none_is_lost_and_tests_give_way_to_what_they_test(
    tmp_path: Path,
) -> None:
    loads = "import importlib\n\n\ndef load(name):\n" + "".join(
        f'    importlib.import_module(f"docs.{{name}}.{module}")\n' for module in ("app", "models", "test_app")
    )
    files = {"loads.py": loads, "docs/one/app.py": "", "docs/one/models.py": "", "docs/one/test_app.py": ""}
    declared = Declarations.of(find_target(write_project(tmp_path / "shop", files)))

    assert declared.loaded_by_name("loads.py") == {"one": ("docs/one/app.py", "docs/one/models.py")}


def test_of_a_large_source_no_file_is_parsed_again_for_the_functions_that_tests_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branching = "def load(n):\n    if n > 1:\n        return 1\n    if n > 2:\n        return 2\n"
    target = find_target(write_project(tmp_path / "shop", {**FILES, "shop/a.py": branching, "shop/b.py": branching}))
    monkeypatch.setattr("kit.inventory.declarations.trees._MOST_KEPT", 10)
    monkeypatch.setattr("kit.inventory.declarations.trees._MOST_PLACES", 1)
    parsed = list[str]()

    def counting(path: str, text: str) -> ast.Module | None:
        parsed.append(path)
        return parse(path, text)

    paths = ["shop/a.py", "shop/b.py", "shop/orders.py"]
    slips = Slips(Trees(target.path, [FileRecord(path) for path in paths], counting))
    places = [Location("shop/a.py", 3), Location("shop/b.py", 3), Location("shop/orders.py", 5)]
    asked = [[slips.branches.shadowed(place) for place in places] for _ in range(3)]

    assert [found.taking.line for found in asked[0] if found] == [2, 2]
    assert asked == asked[:1] * 3
    assert [slips.field_order.swapped(place) for place in places] == [None] * 3
    assert parsed == ["shop/a.py", "shop/b.py"]  # orders.py has no two conditions, and no file a class of fields
