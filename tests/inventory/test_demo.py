"""The inventory of the demo against what the demo itself says is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kit.facts.inventory import InventoryFacts
from kit.facts.target import DEMO
from kit.inventory import Inventory
from kit.target import find_target

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "demo" / "expected.json").read_text())


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return Inventory.of(find_target(DEMO))


@pytest.fixture(scope="module")
def facts(demo: Inventory) -> InventoryFacts:
    return demo.facts


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["backend.app.users.models", "backend.app.users.models:User"])
def test_every_importer_of_the_duplicate_with_the_right_line(demo: Inventory, spec: str) -> None:
    found = [
        {
            "path": item.path,
            "line": item.line,
            "scope": item.scope,
            "role": item.role,
            "alias": item.via,
            "statement": item.statement,
        }
        for item in demo.importers(spec)
    ]
    assert found == EXPECTED["importers"]
    assert not {item["path"] for item in found} & set(EXPECTED["mentioned_only"])


def test_the_collisions_with_both_definitions_and_every_lookup(facts: InventoryFacts) -> None:
    found = {
        item.name: ([str(party.mapped.location) for party in item.classes], [str(place) for place in item.used_by])
        for item in facts.collisions
    }
    assert found == {item["name"]: (item["classes"], item["relationship_strings"]) for item in EXPECTED["collisions"]}


def test_each_mapped_class_is_known_from_both_sides(facts: InventoryFacts) -> None:
    assert {item.sides for item in facts.mapped_classes} == {("source", "runtime")}
    assert {item.base for item in facts.mapped_classes} == {"backend.app.core.database.Base"}
    assert facts.problems == ()


def test_the_findings_are_what_was_planted(facts: InventoryFacts) -> None:
    index, annotation = EXPECTED["duplicate_index"], EXPECTED["annotation"]
    places = {item.id: [str(place) for place in item.locations] for item in facts.findings}
    assert places.pop(f"duplicate-index:{index['name']}") == index["locations"]
    assert {name: places.pop(f"duplicate-class:{name}") for name in ("User", "PaperTrade", "Subscription")} == {
        item["name"]: item["classes"] for item in EXPECTED["collisions"]
    }
    assert list(places.values()) == [[annotation]]
