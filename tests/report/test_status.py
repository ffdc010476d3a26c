from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.inventory import InventoryFacts
from kit.facts.suite import CollectedTest, SuiteFacts
from kit.report import verdict
from kit.report.status import status_of, title_of, unfinished
from tests.report import samples
from tests.report.sample_case import stages
from tests.report.sample_inventory import INVENTORY

INDEX = 'Index "ix_orders_status" is defined twice on table "orders"'


def test_a_named_cause_makes_the_title_and_the_verdict() -> None:
    facts = replace(samples.incident(), fixes=None)
    assert status_of(facts) == "CAUSE FOUND"
    assert title_of(facts) == INDEX
    assert verdict(facts) == f"CAUSE FOUND: {INDEX} (3,650 of 5,069 collected tests blocked); 4 more causes"


def test_a_cause_that_only_keeps_files_from_being_collected_says_so() -> None:
    facts = samples.incident()
    assert facts.causes
    verdict_line = verdict(replace(facts, causes=facts.causes[2:3]))
    assert verdict_line.endswith("(2 files cannot be collected)")


def test_a_cause_that_keeps_the_whole_suite_from_being_collected_counts_no_tests() -> None:
    facts = samples.incident()
    assert facts.causes
    stopped = replace(facts, suite=SuiteFacts(problem="pytest could not collect"), causes=facts.causes[:1])
    assert verdict(stopped).endswith("(no test was collected)")


def test_all_passed_and_nothing_found_is_clear() -> None:
    assert verdict(samples.clear()) == "CLEAR: 40 of 41 collected tests passed, no finding"


def test_failures_without_a_cause_are_unexplained() -> None:
    assert verdict(samples.no_sqlalchemy()) == "UNEXPLAINED: 3 failing tests, no cause named (3 tests collected)"


def test_a_group_of_failures_without_a_name_explains_nothing() -> None:
    facts = samples.incident()
    assert facts.causes
    only_groups = replace(facts, causes=(replace(facts.causes[0], state="unknown"),))
    assert status_of(only_groups) == "UNEXPLAINED"
    assert verdict(only_groups).startswith(f"UNEXPLAINED: {INDEX} (3,650 of 5,069 collected tests blocked)")


def test_a_finding_without_a_failing_test_is_not_clear() -> None:
    facts = replace(samples.clear(), inventory=INVENTORY)
    assert status_of(facts) == "CAUSE FOUND"
    assert title_of(facts) == INDEX
    assert verdict(facts) == f"CAUSE FOUND: {INDEX} (0 of 41 collected tests blocked); 3 more findings"


def test_a_collision_without_a_finding_is_not_clear() -> None:
    facts = replace(samples.clear(), inventory=InventoryFacts(files=3, collisions=INVENTORY.collisions))
    assert status_of(facts) == "CAUSE FOUND"


def test_a_stage_that_failed_makes_it_incomplete_with_the_reason() -> None:
    facts = samples.no_inventory()
    assert status_of(facts) == "INCOMPLETE"
    assert unfinished(facts) == ("Stage mapper_registry failed: the notebook's kernel died.",)
    assert verdict(facts).startswith(f"INCOMPLETE: Stage mapper_registry failed: the notebook's kernel died; {INDEX} (")


def test_the_stage_that_writes_the_report_may_still_run() -> None:
    assert stages()[-1].outcome == "running"
    assert unfinished(samples.incident()) == ()


def test_a_stage_that_never_ended_makes_it_incomplete() -> None:
    facts = replace(samples.clear(), stages=stages(import_graph=("running", None, None)))
    assert unfinished(facts) == ("Stage import_graph did not finish: no reason was recorded.",)


def test_a_suite_that_was_stopped_makes_it_incomplete_although_a_cause_is_named() -> None:
    assert verdict(samples.stopped()).startswith("INCOMPLETE: The run was stopped by Ctrl-C; Index")


def test_a_suite_that_could_not_start_is_explained_by_its_cause() -> None:
    facts = replace(samples.incident(), fixes=None)
    assert facts.suite
    assert facts.causes
    suite = replace(facts.suite, tests=(), results=(), problem="conftest.py cannot be imported.")
    cause = replace(facts.causes[2], uncollectable=("backend/tests/conftest.py",))
    assert status_of(replace(facts, suite=suite, causes=(cause,))) == "CAUSE FOUND"
    assert status_of(replace(facts, suite=suite, causes=())) == "INCOMPLETE"


def test_outcomes_that_do_not_add_up_make_it_incomplete() -> None:
    facts = samples.clear()
    assert facts.suite
    twice = replace(facts.suite, results=facts.suite.results * 2)
    assert status_of(replace(facts, suite=twice)) == "INCOMPLETE"
    unheard = replace(
        facts.suite, tests=(*facts.suite.tests, CollectedTest("tests/test_a.py::test_c", "tests/test_a.py"))
    )
    assert unheard.accounting.not_run == 1
    assert status_of(replace(facts, suite=unheard)) == "CLEAR"


def test_a_source_that_was_not_looked_at_is_not_clear_unless_it_was_skipped() -> None:
    facts = replace(samples.clear(), inventory=None)
    assert status_of(facts) == "INCOMPLETE"
    assert status_of(replace(facts, stages=stages(mapper_registry=("skipped", None, None)))) == "CLEAR"


@pytest.mark.parametrize("name", samples.ALL)
def test_the_verdict_is_one_line_that_a_terminal_can_print(name: str) -> None:
    line = verdict(samples.ALL[name]())
    assert line.isprintable()
    line.encode()


def test_what_the_inventory_could_not_read_makes_it_incomplete() -> None:
    loss = "1 record of the mapper registry could not be read: classes may be missing."
    facts = replace(samples.clear(), inventory=InventoryFacts(files=3, losses=(loss,)))
    assert status_of(facts) == "INCOMPLETE"
    assert unfinished(facts) == (loss,)
