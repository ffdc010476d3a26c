from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kit.facts.outcomes import OUTCOMES
from kit.report import build_incident
from tests.report import samples
from tests.report.sample_parts import with_all_parts
from tests.report.sample_suite import NOTED
from tests.report.test_timeline import with_timeline

SCHEMA = json.loads(files("kit.report").joinpath("incident.schema.json").read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """The schema as its maker must keep it: an object has no field that the schema does not name."""
    if isinstance(schema, dict):
        inner = {key: closed(value) for key, value in schema.items()}
        return {**inner, "additionalProperties": False} if "properties" in schema and "type" in schema else inner
    return [closed(one) for one in schema] if isinstance(schema, list) else schema


@pytest.mark.slow
def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


CASES = {**samples.ALL, "timeline": with_timeline, "full": with_all_parts}

#: those with thousands of tests: to validate each test takes a second
LARGE = {name for name, make in CASES.items() if (suite := make().suite) and len(suite.results) > 1000} - {"full"}


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] * (one in LARGE)) for one in CASES])
def test_every_case_has_the_shape_of_the_contract_and_nothing_else(name: str) -> None:
    incident = json.loads(json.dumps(build_incident(CASES[name]())))
    errors = [
        f"{error.json_path}: {error.message[:200]}"
        for error in Draft202012Validator(closed(SCHEMA)).iter_errors(incident)
    ]
    assert errors == []


@pytest.mark.slow
def test_the_schema_refuses_what_the_contract_does_not_allow() -> None:
    validator = Draft202012Validator(SCHEMA)
    incident = build_incident(samples.incident())
    incident["tests"] = incident["tests"][:1]  # to validate thousands takes seconds, and another test does
    for change in (
        {"status": "FINE"},
        {"schema_version": "1.4"},
        {"tests": [{**incident["tests"][0], "outcome": "broken"}]},
        {"accounting": {**incident["accounting"], "passed": None}},
        {"case": {**incident["case"], "finished": 0}},
    ):
        assert not validator.is_valid({**incident, **change}), change
    assert validator.is_valid({**incident, "of_a_later_version": True})


def test_the_counts_are_those_of_the_tests() -> None:
    incident = build_incident(samples.incident())
    accounting, tests = incident["accounting"], incident["tests"]
    outcomes = Counter(test["outcome"] for test in tests)
    assert {outcome: accounting[outcome] for outcome in OUTCOMES} == {
        outcome: outcomes[outcome] for outcome in OUTCOMES
    }
    assert accounting["collected"] == len(tests) == 5069
    first, user = incident["causes"][:2]
    assert (first["tests_blocked"], user["tests_blocked"], user["tests_first_hand"]) == (3650, 61, 1)
    assert Counter(test["cause"] for test in tests)[first["id"]] == 3650


def test_the_run_has_what_was_seen_beside_the_outcomes() -> None:
    incident = build_incident(samples.incident())

    assert incident["run"]["coverage"]["percent"] == 75.0
    assert incident["run"]["coverage_problem"] is None
    assert [warning["count"] for warning in incident["run"]["warnings"]] == [412, 1]
    (noted,) = (test for test in incident["tests"] if test["alone"])
    assert (noted["nodeid"], noted["alone"], noted["leaked"]) == (NOTED, "fails", ["redis-server"])


def test_the_primary_class_of_a_collision_is_told_with_its_score_part_by_part() -> None:
    scored = [
        one for one in build_incident(samples.incident())["collisions"] if any(p["score"] for p in one["classes"])
    ]
    assert scored
    for collision in scored:
        points = {party["primary"]: sum(part["points"] for part in party["score"]) for party in collision["classes"]}
        assert points[True] > points[False]
    assert {"what", "value", "points"} == set(scored[0]["classes"][0]["score"][0])


def test_one_cause_says_that_it_hides_behind_another() -> None:
    first, user, *_ = build_incident(samples.incident())["causes"]
    assert (user["hidden_behind"], user["waiting"]) == (first["id"], 3412)
    assert (first["hidden_behind"], first["waiting"]) == (None, None)


def test_references_lead_somewhere() -> None:
    incident = build_incident(samples.incident())
    causes = {cause["id"] for cause in incident["causes"]}
    groups = {group["id"]: group for group in incident["groups"]}
    categories = {category["name"] for category in incident["categories"]}
    for test in incident["tests"]:
        assert test["cause"] in causes | {None}
        assert test["category"] == (groups[test["group"]]["category"] if test["group"] else None)
    assert {group["category"] for group in groups.values()} <= categories
    assert {group["cause"] for group in groups.values()} <= causes | {None}
    assert {group for cause in incident["causes"] for group in cause["groups"]} <= groups.keys()
    assert {one["cause"] for one in incident["accounting"]["uncollectable"]} == {incident["causes"][2]["id"]}


def test_a_waiting_collision_says_that_it_is_not_loaded() -> None:
    collisions = {one["name"]: one for one in build_incident(samples.incident())["collisions"]}
    assert {name: one["loaded"] for name, one in collisions.items()} == {
        "PaperTrade": False,
        "User": True,
        "Subscription": False,
    }
    duplicate, primary = collisions["User"]["classes"]
    assert (primary["primary"], duplicate["primary"]) == (True, False)
    assert duplicate["extend_existing"] is True
    assert duplicate["relationships"] == ["profile", "reports", "orders"]


def test_what_is_unknown_is_null() -> None:
    incident = build_incident(samples.nothing_ran())
    unknown = (
        "accounting",
        "findings",
        "collisions",
        "importers",
        "causes",
        "groups",
        "categories",
        "options",
        "tests",
    )
    assert {name: incident[name] for name in unknown} == dict.fromkeys(unknown)
    assert incident["target"]["python"] is None
    assert incident["case"]["finished"] is None


def test_what_was_looked_for_and_is_not_there_is_empty() -> None:
    incident = build_incident(samples.clear())
    assert [incident[name] for name in ("findings", "collisions", "importers", "causes", "groups")] == [[]] * 5


def test_the_root_is_told_by_its_name_only() -> None:
    facts = samples.incident()
    assert build_incident(facts)["target"]["root_name"] == "trading"
    assert facts.case.target.root not in json.dumps({**build_incident(facts), "case": None})


def test_the_run_over_time_refers_to_groups_causes_and_tests() -> None:
    incident = build_incident(with_all_parts())

    timeline = incident["timeline"]
    assert {one["group"] for one in timeline["first_failures"]} <= {group["id"] for group in incident["groups"]}
    assert [(one["at"], one["cause"]) for one in timeline["causes_named"]] == [
        (2.0, incident["causes"][0]["id"]),
        (-7.0, incident["causes"][1]["id"]),
    ]
    assert [(one["kind"], one["worker"]) for one in timeline["moments"]] == [("lost", 2), ("rechecking", None)]
    ended = {test["nodeid"]: (test["ended"], test["worker"]) for test in incident["tests"] if test["ended"] is not None}
    assert len(ended) == 100
    assert all(ended[one["test"]][0] == one["at"] for one in timeline["first_failures"])


def test_a_case_without_events_has_no_times() -> None:
    incident = build_incident(samples.incident())
    assert (incident["timeline"], incident["comparison"]) == (None, None)
    assert {(test["ended"], test["worker"]) for test in incident["tests"]} == {(None, None)}


def test_what_changed_is_told_cause_by_cause_and_test_by_test() -> None:
    found = build_incident(with_all_parts())["comparison"]

    assert found["sentence"].startswith(found["verdict"])
    assert [(one["change"], one["before"], one["after"]) for one in found["causes"]] == [
        ("new", None, 3650),
        ("fixed", 2, None),
    ]
    assert found["causes"][1]["since"]["id"] == "sunday"
    assert (found["before"]["dirty"], found["after"]["revision"]) == (True, None)
    assert (found["gone"], found["tests"][0]["after"]) == (["backend/tests/test_old.py::test_gone"], "crashed")


def test_the_lines_of_a_cause_stand_with_their_numbers() -> None:
    (first, second) = build_incident(with_all_parts())["causes"][0]["excerpts"]
    assert (first["first"], len(first["lines"]), first["marked"], second["marked"]) == (38, 5, [40], [40])


def test_what_fails_alone_and_what_comes_next_are_told() -> None:
    incident = build_incident(with_all_parts())

    assert [one["path"] for one in incident["run"]["not_alone"]] == ["backend/tests/test_admin.py"]
    assert [(one["what"], one["name"], one["test_files"]) for one in incident["foreseen"]] == [
        ("table", "accounts", ["backend/tests/test_decisions.py"])
    ]
    assert [len(incident["reached"][0][key]) for key in ("direct", "indirect", "test_files")] == [2, 1, 2]
