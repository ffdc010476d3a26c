from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kit.cli.formats import FINDING_FORMATS, RUN_FORMATS
from kit.cli.formats.comparison import comparison_text
from kit.cli.formats.trial import as_text
from kit.facts.case import Case, CaseFacts
from kit.facts.causes import Cause, NextStep
from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.fixes import Comparison, Trial
from kit.facts.history import CaseComparison, CaseMoment, CauseChange
from kit.facts.inventory import Finding, InventoryFacts
from kit.facts.places import Location
from kit.facts.suite import (
    CollectedTest,
    CollectionError,
    Coverage,
    StartRefusal,
    SuiteFacts,
    TestResult,
    TestWarning,
    Touched,
)
from kit.facts.target import Target
from kit.suite import read_results
from tests.suite.projects import target_of

FINDING = Finding(
    "duplicate-class:User",
    "duplicate-class",
    "blocks_now",
    'Two mapped classes named "User": 100%\nsure',
    (Location("a,b.py", 3, "primary"), Location("c.py", 9, "duplicate")),
    ("both on a.Base",),
)
INVENTORY = InventoryFacts(files=2, findings=(FINDING,))
FAILURE = Failure(
    "f",
    "call",
    (ExceptionInfo("ValueError", "builtins", "bad \x1b[31m <xml> \x00", 9, (Frame("a.py", 3, "f", "own"),)),),
)
SUITE = SuiteFacts(
    tests=tuple(CollectedTest(f"tests/t.py::{name}", "tests/t.py") for name in "abcd"),
    results=(
        TestResult("tests/t.py::a", "tests/t.py", "passed", "call", 0.1),
        TestResult("tests/t.py::b", "tests/t.py", "failed", "call", 0.2, "f"),
        TestResult("tests/t.py::c", "tests/t.py", "timed_out", "call", 30.0, reason="timed out after 30 s in call"),
    ),
    collection_errors=(CollectionError("tests/u.py", FAILURE),),
    failures={"f": FAILURE},
)
FACTS = CaseFacts(Case("c", "2026-11-23T06:00:00+00:00", "0.1.0", Target("/t", "t", None, (), ())), suite=SUITE)


def test_text_names_each_finding_with_its_places() -> None:
    text = FINDING_FORMATS["text"](INVENTORY)

    assert "blocks now: Two mapped classes" in text
    assert "a,b.py:3  primary" in text
    assert text.endswith("1 finding in 2 files")


def test_the_json_of_a_run_tells_why_plain_pytest_does_not_start_and_what_changed() -> None:
    refusal = StartRefusal("unrecognized arguments: --cov", 4, "unknown-option", ("--cov",), "pytest.ini", 2)
    suite = replace(SUITE, start_refusal=refusal, touched=(Touched("a.txt", "changed", ("tests/t.py::a",)),))
    run = json.loads(RUN_FORMATS["json"](replace(FACTS, suite=suite)))["run"]

    assert run["start_refusal"]["sentence"] == "unrecognized arguments: --cov"
    assert (run["start_refusal"]["path"], run["start_refusal"]["line"]) == ("pytest.ini", 2)
    assert run["touched"] == [{"path": "a.txt", "how": "changed", "tests": ["tests/t.py::a"]}]


def test_github_annotations_escape_what_would_end_them() -> None:
    line = FINDING_FORMATS["github"](INVENTORY)

    assert line == (
        "::error file=a%2Cb.py,line=3,title=duplicate-class::"
        'Two mapped classes named "User": 100%25%0Asure (also c.py:9)'
    )


def test_sarif_has_a_rule_a_kind_and_a_result_a_finding() -> None:
    (run,) = json.loads(FINDING_FORMATS["sarif"](INVENTORY))["runs"]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["duplicate-class"]
    (result,) = run["results"]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "c.py"}


def test_json_of_a_scan_has_the_parts_of_the_contract() -> None:
    parts = json.loads(FINDING_FORMATS["json"](INVENTORY))

    assert set(parts) == {"schema_version", "findings", "collisions"}
    assert parts["findings"][0]["locations"][1] == {"path": "c.py", "line": 9, "role": "duplicate"}


def test_json_of_a_run_has_the_parts_of_the_contract() -> None:
    parts = json.loads(RUN_FORMATS["json"](FACTS))

    assert set(parts) == {"schema_version", "accounting", "run", "tests", "groups", "categories"}
    assert parts["accounting"]["collected"] == 4
    assert parts["accounting"]["not_run"] == 1


def test_text_of_a_run_ends_with_the_accounting_identity() -> None:
    text = RUN_FORMATS["text"](FACTS)

    assert "timed out: tests/t.py::c  (timed out after 30 s in call)" in text
    assert "not collected: tests/u.py  (ValueError: bad" in text
    assert text.endswith("4 collected = 1 passed + 1 failed + 1 timed out + 1 not run\n")


def test_text_of_a_run_names_each_cause_of_failures_with_the_place_to_look_at_first() -> None:
    here = Location("shop/prices.py", 14)
    shown = Cause("a", "failure-group", "ValueError: bad", "consistent", (here,), ("tests/t.py::b",))
    file = Cause("b", "failure-group", "KeyError: 1", "consistent", (), (), uncollectable=("tests/u.py",))
    seen = Cause("c", "static-finding", "seen in the source", "consistent", (here,))

    lines = RUN_FORMATS["text"](replace(FACTS, causes=(shown, file, seen))).splitlines()

    assert "      1 test  ValueError: bad  (shop/prices.py:14)" in lines
    assert "      1 file  KeyError: 1" in lines
    assert "seen in the source" not in "".join(lines)


def test_text_of_a_run_names_tests_that_passed_without_having_run() -> None:
    title = "2 async tests never ran: nothing awaits them"
    idle = Cause("never-awaited:t", "never-awaited", title, "consistent", (), ("tests/t.py::a",))
    shown = Cause("failure-group:f", "failure-group", "ValueError: bad", "consistent", (), ("tests/t.py::b",))

    text = RUN_FORMATS["text"](replace(FACTS, causes=(shown, idle)))

    assert text.startswith(f"{title}\n")
    assert text.count(title) == 1


def test_text_of_a_run_that_collected_nothing_names_the_cause_and_what_to_do() -> None:
    stops = Cause("w", "warning-at-start", "a filter stops pytest", "consistent", (), next_step=NextStep("Set it."))

    text = RUN_FORMATS["text"](replace(FACTS, causes=(stops,), suite=SuiteFacts(problem="pytest could not start")))

    assert text.startswith("a filter stops pytest\nSet it.\n")
    assert text.endswith("\nNo test was collected.\n")


def test_junit_is_xml_whatever_the_messages_hold() -> None:
    root = ET.fromstring(RUN_FORMATS["junit"](FACTS))

    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "1", "2")
    kinds = {case.get("name"): [element.tag for element in case] for case in suite}
    assert kinds == {"a": [], "b": ["failure"], "c": ["error"], "d": ["skipped"], "collection": ["error"]}


@pytest.mark.parametrize(("form", "name"), [("ctrf", "results.json"), ("junit", "results.xml")])
def test_a_file_that_cannot_be_collected_is_one_also_for_who_reads_the_outcomes_back(
    tmp_path: Path, form: str, name: str
) -> None:
    (tmp_path / "tests").mkdir()
    for file in ("t.py", "u.py"):
        (tmp_path / "tests" / file).touch()
    (tmp_path / name).write_text(RUN_FORMATS[form](FACTS))

    facts = read_results([tmp_path / name], target_of(tmp_path))

    (error,) = facts.collection_errors
    assert error.path == "tests/u.py"
    assert "bad" in error.failure.raised.message
    assert len(facts.results) == 4


MORE = replace(
    FACTS,
    suite=replace(
        SUITE,
        results=(
            TestResult("tests/t.py::a", "tests/t.py", "passed", "call", 0.1, alone="fails_beside_others"),
            TestResult("tests/t.py::b", "tests/t.py", "failed", "call", 0.2, "f", alone="passes_alone"),
            TestResult("tests/t.py::c", "tests/t.py", "passed", "call", 4.0, leaked=("redis-server", "sleep")),
        ),
        warnings=(TestWarning("UserWarning", "old", count=3), TestWarning("UserWarning", "older")),
        coverage=Coverage(2000, 1500, 75.0),
        shares="Tests share a file.",
    ),
)


def test_text_tells_what_running_once_more_leftovers_slowness_warnings_and_coverage_say() -> None:
    lines = RUN_FORMATS["text"](MORE).splitlines()

    assert "passed: tests/t.py::a  (failed only beside others: counted as without them)" in lines
    assert "failed: tests/t.py::b  (passes alone: it depends on tests before it)" in lines
    assert "left running: redis-server, sleep  (tests/t.py::c)" in lines
    assert "slow: tests/t.py::c  (4.0 s)" in lines
    assert "4 warnings, 2 distinct" in lines
    assert "coverage: 75.0 % (1,500 of 2,000 lines)" in lines
    assert not any("tests/t.py::a" in line and line.startswith("slow") for line in lines)


def test_junit_carries_the_same_as_properties() -> None:
    (suite,) = ET.fromstring(RUN_FORMATS["junit"](MORE))
    of_suite = {each.get("name"): each.get("value") for each in suite.findall("properties/property")}
    of_tests = {
        case.get("name"): {each.get("name"): each.get("value") for each in case.findall("properties/property")}
        for case in suite.findall("testcase")
    }

    assert of_suite == {"shares": "Tests share a file.", "warnings": "4", "coverage": "75.0"}
    assert of_tests["a"] == {"alone": "fails_beside_others"}
    assert of_tests["c"] == {"leaked": "redis-server, sleep"}
    assert of_tests["d"] == {}


def test_json_of_a_run_tells_verdicts_and_leftovers() -> None:
    parts = json.loads(RUN_FORMATS["json"](MORE))

    assert [test["alone"] for test in parts["tests"]] == ["fails_beside_others", "passes_alone", None]
    assert parts["tests"][2]["leaked"] == ["redis-server", "sleep"]
    assert parts["run"]["shares"] == "Tests share a file."
    assert parts["run"]["coverage"]["percent"] == 75.0
    assert [warning["count"] for warning in parts["run"]["warnings"]] == [3, 1]


def test_a_trial_says_of_what_tests_fail_now_and_calls_no_skipped_test_passed() -> None:
    found = Comparison(before=7, after=8, kept=1, unmasked={"mapper-collision:User": 5, "": 1})
    found = replace(found, newly_collected={"passed": 1})
    text = as_text(Trial(("o",), "NO", "full", found))

    assert "1  kept            fail neither before nor now" in text
    assert "6  unmasked        fail now of another cause: 5 of mapper-collision:User, 1 of no named cause" in text
    assert "1  newly collected 1 passed" in text


def test_a_cause_of_one_case_counts_tests_and_files_apart() -> None:
    cause = Cause("failure-group:x", "failure-group", "Title", "confirmed", (), tests=("a", "b"))

    def told(before: int | None, *files: str, after: int = 3) -> str:
        moment = CaseMoment("c", "2026-11-01T00:00:00Z")
        change = CauseChange("new", replace(cause, uncollectable=files), before, after)
        return comparison_text(CaseComparison(before=moment, after=moment, causes=(change,)))

    assert ": 2 tests and 1 file" in told(None, "c")
    assert ": 2 → 3 tests and files" in told(2, "c")
    assert ": 2 → 3 tests  [" in told(2)
    assert ": 2 → 1 test  [" in told(2, after=1)
