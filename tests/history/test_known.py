"""Known issues are read with a sentence for each mistake, and what they mean for a case is judged by cause."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kit.causes import find_causes
from kit.cli.known import accepted
from kit.facts.errors import UsageError
from kit.history import KnownIssue, as_toml, fingerprints, judge, read_known, to_accept
from tests.causes.scenes import collision, finding, inventory
from tests.history.moments import case_at

TODAY = date(2026, 11, 23)
A, B = "tests/test_a.py::test_a", "tests/test_b.py::test_b"
FINDINGS = inventory(findings=[finding("unparsable-file", "shop/old.py", "shop/old.py:3")])


def test_an_accepted_cause_is_known_until_its_last_day() -> None:
    case = case_at(1, {A: "no apples"}, inventory=inventory())
    (cause,) = case.causes or ()
    still, over = KnownIssue(cause.id, "r", expires=TODAY), KnownIssue(cause.id, "r", expires=date(2026, 11, 22))

    assert judge([still], case, TODAY).accepted == {cause.id}
    assert judge([over], case, TODAY).accepted == frozenset()
    assert judge([over], case, TODAY).expired == (over,)


def test_the_fingerprint_covers_a_cause_whose_line_moved() -> None:
    before, after = case_at(1, {A: "no apples"}, line=3), case_at(2, {A: "no apples"}, line=30)
    marks = fingerprints(before.causes or ())
    issue = KnownIssue("its-id-of-then", "r", fingerprint=next(iter(marks.values())))

    assert judge([issue], after, TODAY).known == (issue,)


def test_what_is_gone_is_removable_only_when_it_was_looked_for() -> None:
    run_time, of_source = KnownIssue("failure-group:1", "r"), KnownIssue("unparsable-file:shop/old.py", "r")
    issues = [run_time, of_source]

    assert judge(issues, case_at(1, {A: None}, inventory=inventory()), TODAY).removable == (run_time, of_source)
    assert judge(issues, case_at(1, {A: None}), TODAY).removable == (run_time,)  # a run, which reads no source
    assert judge(issues, case_at(1, {A: "no pears"}), TODAY).removable == ()
    assert judge(issues, case_at(1, {A: "<not_run>"}, inventory=inventory()), TODAY).removable == (of_source,)


@pytest.mark.parametrize("identity", ["foreign-key:orders>user_id", "double-import:app/models.py", "failure-group:1"])
def test_a_cause_is_not_gone_where_it_was_not_looked_for(identity: str) -> None:
    issue, fine = KnownIssue(identity, "r"), case_at(1, {A: None}, inventory=inventory())

    assert judge([issue], fine, TODAY).removable == (issue,)
    assert judge([issue], fine, TODAY, is_whole=False).removable == ()
    assert judge([issue], case_at(1, None, inventory=inventory()), TODAY).removable == ()  # a scan
    assert judge([issue], case_at(1, {}, inventory=inventory()), TODAY).removable == ()  # nothing was collected
    assert (
        judge([issue], case_at(1, {A: "no apples"}, inventory=inventory()), TODAY).removable == ()
    )  # may be behind it


def test_a_finding_of_the_running_target_is_not_gone_after_a_scan() -> None:
    issue = KnownIssue("mapper-warning:app.models", "r")

    assert judge([issue], case_at(1, None, inventory=inventory()), TODAY).removable == ()
    assert judge([issue], case_at(1, {A: "no apples"}, inventory=inventory()), TODAY).removable == (issue,)


def test_an_accepted_collision_covers_its_finding() -> None:
    found = inventory([collision()], [finding("duplicate-class", "Base:User", "app/users/models.py:7")])
    facts = replace(case_at(1, None, inventory=found), causes=find_causes(found, None, None))

    judged = judge([KnownIssue("mapper-collision:User", "r")], facts, TODAY)

    assert judged.accepted == {"mapper-collision:User", "duplicate-class:Base:User"}
    assert [id_ for id_, _, _ in to_accept(facts, (), TODAY)] == ["mapper-collision:User"]


def test_an_issue_that_has_expired_can_be_accepted_anew() -> None:
    case = case_at(1, {A: "no apples"}, inventory=inventory())
    (cause,) = case.causes or ()
    over = KnownIssue(cause.id, "r", expires=date(2026, 11, 22), fingerprint=fingerprints((cause,))[cause.id])

    assert [id_ for id_, _, _ in to_accept(case, [over], TODAY)] == [cause.id]
    judged = judge([over, replace(over, expires=TODAY)], case, TODAY)
    assert (judged.accepted, judged.expired) == ({cause.id}, ())


def test_what_a_baseline_writes_covers_all_that_the_case_has() -> None:
    case = case_at(1, {A: "no 'apples' \\ \"here\"", B: None}, inventory=FINDINGS)

    text = as_toml(to_accept(case, (), TODAY), "", reason='waits for "4"', owner="@data", expires=TODAY)
    issues = read_known(tomllib.loads(text), "kit.toml")

    assert {issue.id for issue in issues} >= {cause.id for cause in case.causes or ()}
    assert {(issue.reason, issue.owner, issue.expires) for issue in issues} == {('waits for "4"', "@data", TODAY)}
    assert to_accept(case, issues, TODAY) == ()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"known": "x"}, "known is not a list of tables"),
        ({"known": [{"id": "a"}]}, "has no reason"),
        ({"known": [{"id": "a", "reason": "r", "expires": "soon"}]}, 'expires is "soon"'),
        ({"known": [{"id": "a", "reason": "r", "ownr": "x"}]}, 'no field "ownr"; did you mean owner?'),
        ({"known": [{"id": "a", "reason": 3}]}, "reason is not a text"),
    ],
)
def test_a_mistake_is_one_sentence(table: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says.replace("?", r"\?")):
        read_known(table, "kit.toml")


@pytest.mark.parametrize(
    ("tests", "configured", "whole", "told"),
    [((), "", True, True), (("a",), "", True, False), (("a",), 'tests = ["a"]\n', True, True), ((), "", False, False)],
)
def test_an_issue_is_removable_only_when_all_that_the_configuration_names_ran(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    tests: tuple[str, ...],
    configured: str,
    *,
    whole: bool,
    told: bool,
) -> None:
    (tmp_path / "kit.toml").write_text(f'{configured}[[known]]\nid = "failure-group:1"\nreason = "r"\n')
    case = case_at(1, {A: None}, inventory=inventory())
    facts = replace(case, case=replace(case.case, parameters={"tests": tests}))

    accepted(tmp_path, facts, is_whole=whole)

    assert ("no longer there: failure-group:1 (r); remove it from kit.toml" in capsys.readouterr().err) is told
