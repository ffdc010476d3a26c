"""What is collected, in the broken and in the mended tree; and expected.json, which other tests build on."""

from pathlib import Path
from typing import Any

import pytest

from tests.demo.make_expected import facts
from tests.demo.trees import Run, mended, run_suite

pytestmark = pytest.mark.slow


def test_expected_facts_are_those_of_the_tree(healthy: Run, broken: Run, expected: dict[str, Any]) -> None:
    assert facts(healthy, broken) == expected


def test_mended_tree_has_6373_tests(healthy: Run) -> None:
    assert healthy.status == 0
    assert len(healthy.collected) == len(set(healthy.collected)) == 6373
    assert healthy.uncollectable == {}


def test_two_files_of_1301_tests_cannot_be_collected(broken: Run, expected: dict[str, Any]) -> None:
    assert set(broken.uncollectable) == set(expected["uncollectable"])
    assert sum(expected["uncollectable"].values()) == 1301
    assert len(broken.collected) == 6373 - 1301
    for message in broken.uncollectable.values():
        assert "Invalid args for response field" in message
        assert "ExportResponse | starlette.responses.Response" in message


def test_node_ids_are_the_same_in_every_run(healthy: Run, broken: Run) -> None:
    collected = set(broken.collected)
    assert [nodeid for nodeid in healthy.collected if nodeid in collected] == broken.collected


def test_database_fixture_is_behind_most_tests(broken: Run, expected: dict[str, Any]) -> None:
    assert 3550 <= expected["duplicate_index"]["tests"] <= 3750
    asynchronous = [nodeid for nodeid, names in broken.fixtures.items() if "db" in names]
    assert all("anyio_backend" in broken.fixtures[nodeid] for nodeid in asynchronous)


def test_collected_suite_can_be_forked(healthy: Run, broken: Run) -> None:
    for run in (healthy, broken):
        assert (run.threads, run.open) == (1, [])


def test_waiting_collisions_are_not_loaded_by_the_suite(healthy: Run, broken: Run) -> None:
    waiting = {"backend.app.copy.models", "backend.app.admin.models", "backend.app.admin.console"}
    assert waiting.isdisjoint(healthy.modules)
    assert waiting.isdisjoint(broken.modules)
    assert {"backend.app.auth.models", "backend.app.users.models"} <= set(broken.modules)


def test_plain_run_stops_at_the_first_error(folder: Path) -> None:
    plain = run_suite(mended(folder / "plain"))
    assert plain.status == 1
    assert len(plain.uncollectable) == 1
    assert plain.reports == {}
