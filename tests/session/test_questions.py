"""The questions of a newcomer: each is answered in at most two lines, with a sentence that holds the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import kit
from kit.facts.errors import UsageError
from kit.report import build_incident, palette
from kit.session import Result, Session
from tests.helpers import write_project

pytestmark = pytest.mark.slow

#: the question, the lines that a person types, and what the answer has to name
QUESTIONS: dict[str, tuple[str, str]] = {
    "what is wrong here?": ("case.story()", "User"),
    "which tests does this cause block?": ("case.causes[0].tests()", "2 tests in 1 file"),
    "what about the one of that name?": ('case.cause("User").evidence()', "support it"),
    "who imports it?": ("case.causes[0].importers()", "app.people"),
    "where does it stand?": ("case.causes[0].source()", "app/people.py"),
    "which classes share the name?": ('case.mapper("User").parties()', "2 classes"),
    "what else hangs on that table?": ('case.mapper("User").tables()', "people, users"),
    "who imports this module?": ('case.module("app.prices").importers()', "tests/test_prices.py:1"),
    "what does this test print?": ('case.test("test_double").output()', "AssertionError"),
    "has this test failed before?": ('case.test("test_double").history()', "1 case"),
    "what blocks this test?": ('case.test("test_made").cause()', "User"),
    "which causes have the failures of this file?": (
        "case.tests.query(\"path == 'tests/test_posts.py'\").kit.causes()",
        "1 cause blocks 2 of 2 tests",
    ),
    "what would fix it?": ("case.causes[0].fixes()", "not tried yet"),
    "what changed since the last time?": ("case.changed()", "no earlier case"),
    "how was it over all cases?": ("case.trend()", "first case of the app"),
    "since when is it there?": ("case.causes[0].since()", "first case of the app"),
    "what takes so long?": ("case.slowest(2)", "2 slowest of 4 tests"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_a_newcomer_is_answered_in_two_lines(case: Session, question: str) -> None:
    lines, named = QUESTIONS[question]

    result: Result = eval(lines, {"case": case})

    assert lines.count("\n") < 2
    assert named in result.answer
    assert result.answer in repr(result)
    assert "<div" in result._repr_html_()
    json.loads(result.to_json())


def test_what_a_failing_test_printed_is_shown(case: Session) -> None:
    shown = case.test("test_double").output()

    assert "three was doubled" in shown._repr_html_()
    assert "tests/test_prices.py:5" in list(shown.frame["where"])


def test_a_rerun_after_an_edit_says_what_is_fixed(case: Session, root: Path) -> None:
    before = (root / "app" / "prices.py").read_text()
    try:
        write_project(root, {"app/prices.py": "def double(x):\n    return 2 * x\n"})
        again = case.test("test_double").rerun()
    finally:
        (root / "app" / "prices.py").write_text(before)
        case.investigation.stop_rerunning()  # the case lives until all tests are done, its processes need not

    assert again.answer == "1 of 1 failing test passes now; 0 still failing."
    assert again.frame[["before", "now"]].to_numpy().tolist() == [["failed", "passed"]]
    assert "<svg" in again._repr_html_()


def test_a_rerun_of_the_case_runs_what_passed_and_the_edit_concerns_too(case: Session, root: Path) -> None:
    edited = root / "app" / "prices.py"
    before = edited.read_text()
    try:
        edited.write_text("def double(x):\n    return 6\n")
        again = case.rerun()
        edited.write_text(before)
        undone = case.rerun(anyway=True)
    finally:
        edited.write_text(before)
        case.investigation.stop_rerunning()

    assert again.answer == "1 of 3 failing tests passes now; 2 still failing, 1 failing that did not fail before."
    assert "The edit concerns 1 test that passed; all of them ran too." in again.notes
    assert again.frame.set_index("test").loc["tests/test_prices.py::test_one", "now"] == "failed"
    assert undone.answer == "0 of 3 failing tests pass now; 3 still failing."


@pytest.mark.parametrize("part", ["causes", "groups", "categories", "tests", "findings", "collisions", "importers"])
def test_a_part_of_a_case_is_what_the_report_has(case: Session, part: str) -> None:
    incident = build_incident(case.investigation.facts)

    assert json.loads(getattr(case, part).to_json()) == json.loads(json.dumps(incident[part]))


@pytest.mark.parametrize(
    ("part", "of_incident"), [("outcomes", "accounting"), ("fixes", "peeling"), ("fix_options", "options")]
)
def test_a_part_with_another_name_is_what_the_report_has_too(case: Session, part: str, of_incident: str) -> None:
    incident = build_incident(case.investigation.facts)

    assert json.loads(getattr(case, part).to_json()) == json.loads(json.dumps(incident[of_incident]))


def test_files_that_could_not_be_collected_are_those_of_the_report(case: Session) -> None:
    incident = build_incident(case.investigation.facts)

    assert json.loads(case.uncollectable.to_json()) == incident["accounting"]["uncollectable"]


def test_the_numbers_of_the_sentences_are_those_of_the_report(case: Session) -> None:
    incident = build_incident(case.investigation.facts)
    counts = incident["accounting"]

    assert f"{counts['failed'] + counts['error']} of {counts['collected']} tests failed" in case.outcomes.answer
    assert case.outcomes.answer.endswith(f"{counts['passed']} passed.")
    assert len(case.causes) == len(incident["causes"])
    assert case.causes.frame["tests blocked"].tolist() == [one["tests_blocked"] for one in incident["causes"]]
    assert case.failing.frame["test"].tolist() == [
        one["nodeid"] for one in incident["tests"] if one["outcome"] in ("failed", "error")
    ]


def test_a_chart_takes_the_colours_of_the_report_and_styles_nothing_else_of_the_page(case: Session) -> None:
    chart = case.causes.plot()
    assert chart is not None
    svg = chart.svg()

    assert f"var(--failed,{palette().light['failed']})" in svg
    assert "<style" not in svg
    assert 'aria-label="Tests that each cause blocks"' in svg
    assert palette().dark["failed"] in case.causes._repr_html_()


def test_from_a_category_down_to_the_traceback(case: Session) -> None:
    group = case.categories["Assertion"].groups()[0]

    assert group.tests()[0].output().frame["where"].tolist() == ["tests/test_prices.py:5"]


def test_a_part_of_the_tests_says_which_and_names_them(case: Session) -> None:
    failed = case.tests.query("outcome == 'failed' and seconds >= 0")

    assert failed.answer == "3 of 4 tests with `outcome == 'failed' and seconds >= 0`."
    assert "tests/test_prices.py::test_double" in repr(failed)
    assert case.tests.head(2).answer == "The first 2 of 4 tests."
    assert case.importers.head(1).answer.startswith("The first 1 of ")


def test_a_module_of_a_library_has_importers_too(case: Session) -> None:
    assert "sqlalchemy.orm" in case.module("sqlalchemy.orm").importers().answer


def test_every_result_documents_its_columns(case: Session) -> None:
    for result in (case.causes, case.tests, case.findings, case.collisions, case.mappers, case.groups, case.fans()):
        told = result.columns()
        assert [name for name in result.frame.columns if f"`{name}`" not in told] == [], result.answer


def test_a_case_is_opened_by_its_name_and_by_its_path(case: Session, root: Path) -> None:
    reports = case.investigation.reports
    for what in (case.name, root):
        again = kit.open(what, reports_dir=reports)
        assert again.name == case.name
        assert len(again.causes) == len(case.causes)
        again.close()


def test_a_new_case_is_named_after_its_app_and_the_moment_and_is_its_own(case: Session, tmp_path: Path) -> None:
    reports = case.investigation.reports
    opened = [
        kit.open(write_project(tmp_path / folder / "shop", {"a.py": ""}), reports_dir=reports) for folder in ("x", "y")
    ]

    assert len({one.name for one in opened}) == 2
    assert re.fullmatch(r"shop-\d{8}-\d{6}(-2)?", opened[0].name)
    assert [one.reader.root.parent.name for one in opened] == ["x", "y"]
    for one in opened:
        one.close()


def test_what_a_stage_has_found_is_shown_and_not_made_again(case: Session) -> None:
    case.run_tests()

    assert case.story().frame.set_index("stage")["attempts"].to_dict()["test batches"] == 1


def test_what_is_missing_is_named_with_the_call_and_the_command_that_fill_it(case: Session) -> None:
    (missing,) = case.fixes.missing

    assert missing.call == "case.try_fixes()"
    assert missing.command.startswith(f"kit investigate --resume {case.name} --reports-dir ")
    assert "case.try_fixes()" in case.fixes._repr_html_()


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda case: case.test("test_duble"), 'The case has no test "test_duble"; did you mean test_double?'),
        (
            lambda case: case.test("zzz"),
            '"zzz"; there are test_made, test_made_again, test_double, test_one.',
        ),
        (
            lambda case: case.test("tests/"),
            "tests/test_prices.py::test_double, tests/test_prices.py::test_one; give more of the node id",
        ),
        (lambda case: case.mapper("Users"), "did you mean User?"),
        (lambda case: case.causes[99], "There is no cause 99: the case has 2 causes."),
        (
            lambda case: case.causes["nope"],
            'There is no cause "nope"; there are Multiple mapped classes named "User", ',
        ),
        (lambda case: case.cause("Usr"), 'There is no cause "Usr"; there are '),
        (lambda case: case.groups[99], "There is no group of failures 99: the case has 2 groups of failures."),
        (lambda case: case.module("app.userz"), "did you mean app.users?"),
        (lambda case: case.module("nope"), "Nothing imports a module nope, and the target has none of that name"),
        (lambda case: case.fans().frame.kit.causes(), "begin with case.tests"),
        (lambda case: kit.open("nowhere", reports_dir=case.investigation.reports), 'There is no folder "nowhere"'),
    ],
)
def test_a_wrong_name_is_told_in_one_sentence_without_a_traceback(
    case: Session, ask: Callable[[Session], object], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        ask(case)

    assert said in str(caught.value)
    assert caught.value._render_traceback_() == [str(caught.value)]
