"""Results that real runs left behind tell the same as a run of kit's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.failures import group_failures
from tests.helpers import fingerprint
from tests.suite.ingest.conftest import MADE, RECORDED, Ingest

pytestmark = pytest.mark.slow

EVERY_FILE = [*MADE, *(path.name for path in sorted(RECORDED.iterdir()))]
JUNIT = [name for name in MADE if name.endswith(".xml")]
WITH_UNCOLLECTABLE = [name for name in EVERY_FILE if name != "ctrf.json"]


def groups_of(suite: SuiteFacts) -> dict[str, tuple[str, int, frozenset[str]]]:
    """Group to its category, its count and its tests; uncollectable files apart, which CTRF does not tell of."""
    groups = group_failures(suite).groups
    return {group.id: (group.category, group.count, frozenset(group.tests)) for group in groups if group.count}


def outcomes_of(suite: SuiteFacts) -> dict[str, str]:
    return {result.nodeid: result.outcome for result in suite.results}


@pytest.mark.parametrize("name", EVERY_FILE)
def test_groups_and_categories_are_those_of_a_run_of_our_own(name: str, ingest: Ingest, own_run: SuiteFacts) -> None:
    assert len(groups_of(own_run)) > 10
    assert groups_of(ingest(name)) == groups_of(own_run)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_every_test_has_its_node_id_and_outcome(name: str, ingest: Ingest, own_run: SuiteFacts) -> None:
    expected = outcomes_of(own_run)
    if name in JUNIT or name == "ctrf.json":  # they know no unexpected passes
        expected["tests/test_a.py::test_xpass"] = "passed"

    suite = ingest(name)

    assert outcomes_of(suite) == expected
    assert suite.accounting.holds()
    assert {result.path for result in suite.results} == {result.path for result in own_run.results}


@pytest.mark.parametrize("name", WITH_UNCOLLECTABLE)
def test_files_that_could_not_be_collected_are_told_of(name: str, ingest: Ingest, own_run: SuiteFacts) -> None:
    def told(suite: SuiteFacts) -> dict[str, tuple[str, str]]:
        roots = {error.path: error.failure.chain[-1] for error in suite.collection_errors}
        return {path: (root.type, root.message) for path, root in roots.items()}

    assert len(told(own_run)) == 2
    assert told(ingest(name)) == told(own_run)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_chains_and_own_frames_are_those_of_the_exceptions(name: str, ingest: Ingest, own_run: SuiteFacts) -> None:
    def chains(suite: SuiteFacts) -> dict[str, list[object]]:
        named = {one.nodeid: suite.failures[one.failure] for one in suite.results if one.failure}
        return {
            nodeid: [
                (info.type, info.module, sorted(info.message.splitlines()), info.relation, deepest(info.frames))
                for info in failure.chain
            ]
            for nodeid, failure in named.items()
        }

    def deepest(frames: tuple[object, ...]) -> object:
        own = [frame for frame in frames if frame.owner != "library"]
        return (own[-1].path, own[-1].line, own[-1].function, own[-1].source) if own else None

    expected, found = chains(own_run), chains(ingest(name))

    assert found.keys() == expected.keys()
    for nodeid, chain in found.items():
        assert chain == expected[nodeid], nodeid


@pytest.mark.parametrize("name", EVERY_FILE)
def test_reasons_of_skips_and_expected_failures_are_kept(name: str, ingest: Ingest) -> None:
    reasons = {result.nodeid.rpartition("::")[2]: result.reason for result in ingest(name).results}

    assert reasons["test_skip"] == "not today"
    assert reasons["test_skip_in"] == "inside: why"
    assert reasons["test_us"] == "unit skip"
    if name != "jsonreport.json":  # it leaves them out
        assert reasons["test_xfail"] == "known bug"


@pytest.mark.parametrize("name", EVERY_FILE)
def test_no_secret_and_no_folder_of_others_stays(name: str, ingest: Ingest, project: Target) -> None:
    told = repr(ingest(name))

    assert "geheim" not in told
    assert "/home/runner" not in told
    assert project.root not in told


@pytest.mark.parametrize("name", EVERY_FILE)
def test_durations_and_where_the_results_came_from_are_kept(name: str, ingest: Ingest) -> None:
    suite = ingest(name)

    assert all(result.seconds is not None for result in suite.results)
    assert sum(result.seconds or 0 for result in suite.results) > 0
    assert suite.seconds
    assert suite.isolation is not None
    assert name in suite.isolation
    assert f"{len(suite.tests)} tests" in suite.isolation
    assert suite.problem is None


def test_lines_are_those_that_kit_counts(ingest: Ingest, own_run: SuiteFacts) -> None:
    expected = {test.nodeid: test.line for test in own_run.tests}

    for name in ("xunit1.xml", "log.jsonl", "jsonreport.json"):
        assert {test.nodeid: test.line for test in ingest(name).tests} == expected, name


def test_the_fixture_that_broke_is_known(ingest: Ingest) -> None:
    suite = ingest("log.jsonl")
    failures = {one.nodeid.rpartition("::")[2]: suite.failures[one.failure] for one in suite.results if one.failure}

    assert failures["test_setup"].fixture == "broken"
    assert failures["test_leaving"].fixture == "leaving"
    assert failures["test_both"].fixture is None


def test_the_tree_is_only_read(project: Target, results_file: Callable[[str], object], ingest: Ingest) -> None:
    results_file("xunit2.xml")
    before = fingerprint(project.path)

    ingest("xunit2.xml")

    assert fingerprint(project.path) == before
