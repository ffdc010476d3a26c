"""Answers about recorded facts say what these hold, and no more."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import kit
from kit.facts.case import CaseFacts
from kit.facts.causes import Excerpt
from kit.facts.errors import UsageError
from kit.facts.fixes import Comparison, FixFacts, FixOption, Trial
from kit.facts.inventory import InventoryFacts
from kit.facts.outcomes import Outcome
from kit.facts.places import Location
from kit.facts.suite import SuiteFacts
from kit.session.causes import Cause, causes
from kit.session.changes import changed
from kit.session.edits import edits, of_today
from kit.session.failures import Group
from kit.session.lookups import Lookups
from kit.session.reruns import rerun
from kit.session.result import Result
from kit.session.tests import Test
from kit.store import Store
from tests.causes.scenes import result, suite
from tests.helpers import write_project
from tests.history.moments import case_at
from tests.report import samples
from tests.session.recorded import Recorded


class Reruns:
    """Stands for a rerun: keeps what was asked for, and has these outcomes."""

    def __init__(self, **outcomes: Outcome) -> None:
        self.asked: list[str] = []
        self._suite = suite([result(f"t.py::{name}", outcome=outcome) for name, outcome in outcomes.items()], [])

    def __call__(self, nodeids: Sequence[str], _display: object) -> SuiteFacts:
        self.asked += nodeids
        return self._suite


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (Reruns(a="skipped"), "0 of 1 failing test pass now; 0 still failing, 1 skipped."),
        (Reruns(a="not_run"), "0 of 1 failing test pass now; 0 still failing, 1 not run."),
        (Reruns(a="passed", ok="failed"), "1 of 1 failing test passes now; 0 still failing, 1 failing that did not"),
    ],
)
def test_a_test_that_was_skipped_or_did_not_run_again_is_not_fixed(now: Reruns, said: str) -> None:
    reader = Recorded(case_at(1, {"t.py::a": "no apples", "t.py::b": "no bread", "t.py::ok": None}), rerun=now)

    assert rerun(reader, ["t.py::a"], 0).answer.startswith(said)


def test_files_of_a_cause_and_of_a_group_run_again_by_their_node_ids() -> None:
    facts = case_at(1, {"t.py::a": "no apples"})
    assert facts.suite
    assert facts.causes
    assert facts.grouping
    again = Reruns(a="passed")
    reader = Recorded(replace(facts, suite=replace(facts.suite, rootdir="backend")), rerun=again)

    Cause(reader, replace(facts.causes[0], tests=(), uncollectable=("backend/tests/test_a.py",))).rerun()
    Group(reader, replace(facts.grouping.groups[0], tests=(), files=("backend/tests/test_a.py",))).rerun()

    assert again.asked == ["tests/test_a.py", "tests/test_a.py"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path}/kit.sqlite")
    yield opened
    opened.close()


def test_the_history_of_a_test_counts_the_cases_that_ran_it(store: Store) -> None:
    outcomes = [None, "<skipped>", "<not_run>", "<xpassed>", "no apples", "<crashed>"]
    cases = [case_at(hour, {"t.py::a": outcome, "t.py::b": None}) for hour, outcome in enumerate(outcomes)]
    dirty = replace(cases[4].case.target, revision="1a2b3c4d5e6f7a", dirty=True)
    cases[4] = replace(cases[4], case=replace(cases[4].case, target=dirty))
    for one in cases:
        assert one.suite
        store.save_case(one.case)
        store.save_suite(one.case.id, one.suite)
    assert cases[0].suite

    told = Test(Recorded(cases[0], store=store), cases[0].suite.results[0]).history()

    assert told.answer == "It failed in 2 of 4 cases that ran it; 1 case skipped it."
    assert list(told.frame["case"]) == ["at-5", "at-4", "at-3", "at-1", "at-0"]
    assert list(told.frame["revision"])[1] == "1a2b3c4d5e6f with changes"


def test_the_command_that_resumes_a_case_names_its_store(tmp_path: Path) -> None:
    options: Any = SimpleNamespace(store_url="postgresql://db/kit")
    reader = Recorded(case_at(1, {}), reports=tmp_path, options=options)

    assert reader.resume_command().endswith(f"--reports-dir {tmp_path} --store-url postgresql://db/kit")


@pytest.mark.parametrize(
    ("first_hand", "notes"),
    [(2, ()), (1, ("1 of them show the error itself; 1 show what follows from it.",))],
)
def test_tests_that_follow_from_others_are_named_where_there_are_some(first_hand: int, notes: tuple[str, ...]) -> None:
    facts = case_at(1, {"t.py::a": "no apples", "t.py::b": "no apples"})
    assert facts.causes

    assert Cause(Recorded(facts), replace(facts.causes[0], first_hand=first_hand)).tests().notes == notes


def test_a_name_that_is_not_there_is_told_with_the_stage_that_has_not_run() -> None:
    reader = Recorded(replace(case_at(1, None), causes=None))

    with pytest.raises(UsageError, match=r"no test .test_a.*not there yet.*case\.run_tests\(\)"):
        Lookups(reader).test("test_a")
    said = repr(Lookups(reader).cause())
    assert said.startswith(
        "This case has no cause yet.\nThe causes of the failures are not there yet. Call `case.diagnose()`"
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Comparison(2, 2, unlocked=("t.py::a",), unmasked={"other": 1}), " With it alone 1 more test passes."),
        (Comparison(2, 2, unmasked={"other": 2}), " With it alone no more test passes: 2 tests meet another cause."),
        (Comparison(2, 2, unmasked={"other": 1}), " With it alone no more test passes: 1 test meets another cause."),
        (None, ""),
    ],
)
def test_the_best_option_of_a_cause_is_told_with_what_it_does_alone(found: Comparison | None, said: str) -> None:
    facts = case_at(1, {"t.py::a": "no apples", "t.py::b": "no apples"})
    assert facts.causes
    cause = facts.causes[0]
    option = FixOption("rename", cause.id, "rename", "Rename the class", "")
    fixes = FixFacts((option,), (Trial(("rename",), "NO", "canaries", found),), recommended={cause.id: "rename"})

    assert Cause(Recorded(replace(facts, fixes=fixes)), cause).fixes().answer == f"Best: Rename the class.{said}"


def test_the_options_of_a_cause_are_drawn_as_far_as_they_were_tried() -> None:
    facts = case_at(1, {"t.py::a": "no apples", "t.py::b": "no apples"})
    assert facts.causes
    options = tuple(FixOption(name, facts.causes[0].id, "rename", f"Option {name}", "") for name in ("tried", "not"))
    trial = Trial(("tried",), "FULL", "canaries", Comparison(2, 2, unlocked=("t.py::a",), unmasked={"other": 1}))

    chart = Cause(Recorded(replace(facts, fixes=FixFacts(options, (trial,)))), facts.causes[0]).fixes().plot()

    assert chart is not None
    assert chart.rows == (("Option tried", (1.0, 1.0)),)
    assert [one.name for one in chart.series] == ["pass", "meet another cause"]


def in_tree(root: Path, started: str, revision: str | None = None) -> CaseFacts:
    """A case of this tree that began then."""
    facts = case_at(1, {"t.py::a": "no apples"})
    target = replace(facts.case.target, root=str(root), revision=revision)
    return replace(facts, case=replace(facts.case, target=target, started=started))


@pytest.mark.parametrize(
    ("started", "note"),
    [
        ("2001-01-01T00:00:00+00:00", "Written or committed since this case: 1 file (shop.py). "),
        ("2100-01-01T00:00:00+00:00", ""),
    ],
)
def test_an_answer_from_the_tree_says_that_it_has_changed_since_the_case(
    tmp_path: Path, started: str, note: str
) -> None:
    (tmp_path / "shop.py").touch()
    (tmp_path / "shop.db").touch()

    result = of_today(Recorded(in_tree(tmp_path, started)), Result("2 places.", pd.DataFrame(), notes=("More.",)))

    assert result.notes[-1] == "More."
    assert "".join(result.notes[:-1]).startswith(note)
    assert len(result.notes) == 1 + bool(note)


def test_a_commit_since_the_case_is_seen_where_no_file_is_newer(tmp_path: Path) -> None:
    git = ("git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.com")
    (tmp_path / "kept.py").touch()
    (tmp_path / "gone.py").touch()
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "one"], check=True)
    revision = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    reader = Recorded(in_tree(tmp_path, "2100-01-01T00:00:00+00:00", revision))
    assert edits(reader) == ()

    subprocess.run([*git, "rm", "-q", "gone.py"], check=True)
    subprocess.run([*git, "commit", "-qm", "two"], check=True)

    assert "1 file (gone.py)" in edits(reader)[0]


def test_an_edited_cause_is_shown_as_the_case_has_recorded_it(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("A = 1\nB = 2\n")
    facts = in_tree(tmp_path, "2100-01-01T00:00:00+00:00")
    assert facts.causes
    lines = Excerpt("shop.py", 1, ("A = 1", "B = 2"), (2,))
    cause = Cause(Recorded(facts), replace(facts.causes[0], locations=(Location("shop.py", 2),), excerpts=(lines,)))
    assert cause.source().notes == ()

    (tmp_path / "shop.py").write_text("A = 1\nB = 3\n")

    assert cause.source().notes == ("Changed since this case: shop.py. The lines are those that it has recorded.",)
    assert "B = 2" in cause.source().body
    assert "B = 3" not in cause.source().body


def test_a_comparison_says_which_case_did_not_read_the_source(store: Store) -> None:
    before, after = case_at(1, {"t.py::a": "no apples"}), case_at(2, {"t.py::a": "no apples"})
    for one in (before, after):
        assert one.suite
        assert one.grouping
        store.save_case(one.case)
        store.save_suite(one.case.id, one.suite)
        store.save_diagnosis(one.case.id, one.grouping, one.causes or ())
    store.save_inventory(before.case.id, InventoryFacts(files=1))

    notes = changed(Recorded(after, store=store), "").notes

    assert notes[1:] == ("`at-2` did not read the source: its causes stand where the error was raised, or nowhere.",)


@pytest.mark.slow
def test_a_case_is_found_from_another_folder_and_a_new_one_says_that_it_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_project(tmp_path / "app", {"test_a.py": "def test_a(): pass\n"})
    below, other = tmp_path / "below" / "deep", tmp_path.with_name(f"{tmp_path.name}-other")
    below.mkdir(parents=True)
    other.mkdir()

    monkeypatch.chdir(tmp_path)
    first = kit.open("app")
    assert "This is a new case" in repr(first)
    first.close()
    for folder in (below, other):
        monkeypatch.chdir(folder)
        again = kit.open(tmp_path / "app")
        assert again.name == first.name
        assert f"The case lies in {tmp_path / 'reports'}" in repr(again)
        assert not (folder / "reports").exists()
        again.close()

    named = kit.open(tmp_path / "app", reports_dir=str(other / "mine"))
    assert "This is a new case" in repr(named)
    named.close()


def test_a_group_of_failures_without_a_cause_explains_nothing() -> None:
    facts = samples.incident()
    assert facts.causes
    named = replace(facts.causes[0], state="confirmed", tests=("t.py::a", "t.py::b"))
    group = replace(facts.causes[1], state="unknown", tests=("t.py::c",))

    answer = causes(Recorded(replace(facts, causes=(named, group)))).answer

    assert answer.startswith("1 cause explains 2 of 3,914 failing tests; fix first: ")
