"""The report of the demo says what was planted in the demo, with the right counts."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kit.demo import DEMO_ROOT
from tests.e2e.conftest import Investigated
from tests.helpers import fingerprint
from tests.report.known import Known
from tests.report.numbers import all_differences
from tests.report.rules_notebooks import recognised, wrong_in_notebooks

pytestmark = pytest.mark.slow

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parents[1] / "demo" / "expected.json").read_text())


def places(fact: dict[str, Any]) -> list[str]:
    return [f"{location['path']}:{location['line']}" for location in fact["locations"]]


def test_it_ends_with_the_path_and_the_verdict(demo_case: Investigated) -> None:
    assert demo_case.returncode == 1, demo_case.stderr
    path, verdict = demo_case.stdout.splitlines()
    assert Path(path) == demo_case.folder / "incident.html"
    assert verdict.startswith("FIX MEASURED")


def test_every_stage_came_to_its_end(demo_case: Investigated) -> None:
    assert [stage["outcome"] for stage in demo_case.incident["case"]["stages"]] == ["done"] * 6
    executed = sorted(path.stem for path in (demo_case.folder / "notebooks").iterdir())
    assert executed == [
        "1_mapper_registry",
        "2_import_graph",
        "3_test_batches",
        "4_failure_categories",
        "5_fix_trials",
        "6_incident_report",
    ]


def test_every_collected_test_is_accounted_for(demo_case: Investigated) -> None:
    accounting = dict(demo_case.incident["accounting"])
    uncollectable = accounting.pop("uncollectable")
    collected = accounting.pop("collected")

    assert collected == EXPECTED["collectable"]
    assert sum(accounting.values()) == collected
    assert accounting["not_run"] == 0
    assert Counter(test["outcome"] for test in demo_case.incident["tests"]) == {
        outcome: count for outcome, count in accounting.items() if count
    }
    assert sorted(item["path"] for item in uncollectable) == sorted(EXPECTED["uncollectable"])


def test_the_index_of_two_files_and_what_waits_behind_it_come_first(demo_case: Investigated) -> None:
    first, second, third = demo_case.incident["causes"][:3]

    assert first["id"] == f"duplicate-index:{EXPECTED['index_in_two_files']['name']}"
    assert set(EXPECTED["index_in_two_files"]["locations"]) <= set(places(first))
    assert first["tests_blocked"] == EXPECTED["duplicate_index"]["tests"]
    assert [second["id"], third["id"]] == [
        f"duplicate-index:{EXPECTED['duplicate_index']['name']}",
        "mapper-collision:User",
    ]
    for behind in (second, third):
        assert behind["hidden_behind"] == first["id"]
        assert behind["waiting"] == EXPECTED["duplicate_index"]["tests"]


def test_each_layer_counts_what_plain_runs_of_copies_patched_by_hand_count(demo_case: Investigated) -> None:
    """As many layers as the budget allowed."""
    expected: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "demo" / "layers.json").read_text())
    found = demo_case.incident["peeling"]

    assert found
    for layer, by_hand in zip(found, expected, strict=False):
        assert {key: layer[key] for key in by_hand} == by_hand


def test_every_other_defect_explains_the_tests_that_it_was_planted_for(demo_case: Investigated) -> None:
    explained = {test["nodeid"]: test["cause"] for test in demo_case.incident["tests"]}

    for defect in EXPECTED["defects"].values():
        causes = {explained[nodeid] for nodeid in defect["tests"]}
        assert None not in causes
        blocked = {nodeid for nodeid, cause in explained.items() if cause in causes}
        assert blocked == set(defect["tests"])


def test_both_parties_of_each_collision_are_named_with_their_lines(demo_case: Investigated) -> None:
    found = {
        collision["name"]: sorted(f"{party['path']}:{party['line']}" for party in collision["classes"])
        for collision in demo_case.incident["collisions"]
    }

    assert found == {collision["name"]: sorted(collision["classes"]) for collision in EXPECTED["collisions"]}


def test_collisions_that_no_test_has_hit_are_listed_as_waiting(demo_case: Investigated) -> None:
    loaded = {collision["name"]: collision["loaded"] for collision in demo_case.incident["collisions"]}

    assert loaded == {"User": True, "PaperTrade": False, "Subscription": False}


def test_every_importer_of_the_duplicate_is_listed_with_its_line(demo_case: Investigated) -> None:
    found = {
        (importer["path"], importer["line"], importer["scope"], importer["role"])
        for importer in demo_case.incident["importers"]
        if importer["module"] == "backend.app.users.models"
    }

    assert found == {(i["path"], i["line"], i["scope"], i["role"]) for i in EXPECTED["importers"]}


def test_the_annotation_is_named_with_its_line_and_its_files(demo_case: Investigated) -> None:
    (cause,) = [cause for cause in demo_case.incident["causes"] if cause["kind"] == "response-annotation"]

    assert EXPECTED["annotation"] in places(cause)
    assert sorted(cause["uncollectable"]) == sorted(EXPECTED["uncollectable"])


@pytest.mark.parametrize("outcome", ["timed_out", "crashed"])
def test_the_test_that_hangs_and_the_one_that_kills_are_named(demo_case: Investigated, outcome: str) -> None:
    assert demo_case.incident["accounting"][outcome] == 1


def test_page_markdown_json_notebooks_and_store_have_the_same_numbers(demo_case: Investigated) -> None:
    store = demo_case.folder.parent / "kit.sqlite"
    notebooks = demo_case.folder / "notebooks"
    known = Known(demo_case.incident, store)

    assert list(all_differences(demo_case.folder, store)) == []
    assert list(wrong_in_notebooks(known, notebooks)) == []
    assert recognised(known, notebooks) > 30


def test_nothing_was_written_into_the_demo(demo_case: Investigated) -> None:
    assert fingerprint(DEMO_ROOT) == demo_case.demo_before


def test_live_counts_were_shown_on_the_way(demo_case: Investigated) -> None:
    assert "tests/s" in demo_case.stderr
