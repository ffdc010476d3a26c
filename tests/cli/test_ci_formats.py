"""What CI servers read: annotations of causes, CTRF, code quality, SARIF, and the summary of a job."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from kit.causes import find_causes
from kit.cli.formats import CI_FORMATS, COMPARE_FORMATS, FINDING_FORMATS, RUN_FORMATS
from kit.cli.job_summary import VARIABLE, show_in_job, summary_markdown
from kit.facts.causes import Excerpt
from kit.facts.suite import CollectedTest
from kit.history import KnownBefore, compare_cases, known_before
from kit.store import Store, default_url
from kit.suite import read_file, read_results
from tests.causes.scenes import collision, finding, inventory
from tests.helpers import run_kit, write_project
from tests.history.moments import TARGET, case_at
from tests.inventory.projects import Source

A, B, C = "tests/test_a.py::test_a", "tests/test_b.py::test_b", "tests/test_c.py::test_c"


def test_a_cause_is_one_annotation_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_at(1, {A: "no apples", B: "no apples", C: None})

    monkeypatch.setenv("GITHUB_WORKSPACE", "/srv")
    (line,) = RUN_FORMATS["github"](case).splitlines()

    assert line == ("::error file=shop/shop/prices.py,line=7,title=failure-group::LookupError: no apples: 2 tests")


def test_the_summary_goes_to_the_file_that_the_server_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv(VARIABLE, str(file))

    show_in_job(case_at(1, {A: "no a|pples", B: None}))

    assert file.read_text().startswith("before\n## kit\n")
    assert "2 collected = 1 passed + 1 failed" in file.read_text()
    assert "| LookupError: no a\\|pples | `shop/prices.py:7` |  | 1 | 0 |" in file.read_text()


def test_what_does_not_decide_the_exit_code_is_a_notice_and_marked_as_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "summary.md"))
    case = case_at(1, {A: "no apples", B: "no bread"})
    old, new = case.causes or ()

    show_in_job(case, {old.id})

    lines = capsys.readouterr().out.splitlines()
    assert [(line.partition(" ")[0], "::known: " in line) for line in lines] == [("::notice", True), ("::error", False)]
    told = (tmp_path / "summary.md").read_text()
    assert (f"{old.title} (known)" in told, f"{new.title} (known)" in told) == (True, False)


def test_the_summary_is_the_report_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "summary.md"))
    (tmp_path / "incident.md").write_text("# The report\n")

    show_in_job(case_at(1, {A: "no apples"}), report=tmp_path / "incident.md")

    assert (tmp_path / "summary.md").read_text() == "# The report\n"


def test_ctrf_is_read_back_as_it_was(tmp_path: Path) -> None:
    case = case_at(1, {A: "no apples", B: None, C: "<skipped>"})
    assert case.suite
    case = replace(case, suite=replace(case.suite, tests=(*case.suite.tests, CollectedTest("t.py::d", "t.py"))))
    file = tmp_path / "ctrf.json"
    file.write_text(RUN_FORMATS["ctrf"](case))

    back = read_results([read_file(file)], replace(TARGET, root=str(tmp_path)))

    assert {one.nodeid: one.outcome for one in back.results if one.outcome != "not_run"} == {
        A: "failed",
        B: "passed",
        C: "skipped",
    }
    (cause,) = case.causes or ()
    (failed,) = [one for one in json.loads(file.read_text())["results"]["tests"] if one["status"] == "failed"]
    assert failed["extra"] == {"cause": cause.id}


def test_fingerprints_of_code_quality_stay_when_lines_move() -> None:
    def quality(line: int) -> tuple[str, int]:
        case = case_at(1, {A: "no apples"}, line=line)
        (cause,) = case.causes or ()
        named = replace(cause, id=f"naive-datetime:shop/prices.py:{line}")
        told = replace(named, excerpts=(Excerpt("shop/prices.py", line, ("x = now()",), (line,)),))
        (entry,) = json.loads(RUN_FORMATS["codequality"](replace(case, causes=(told,))))
        return entry["fingerprint"], entry["location"]["lines"]["begin"]

    assert quality(7) == (quality(70)[0], 7)


MODELS = dedent(
    """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    class Base(DeclarativeBase): ...
    class User(Base):
        __tablename__ = "users"
        name: Mapped[str]
"""
)


@pytest.mark.parametrize("form", ["sarif", "codequality"])
def test_fingerprints_of_findings_stay_when_lines_move(form: str) -> None:
    def marks(text: str) -> list[object]:
        source = Source({"models.py": text, "test_a.py": "import models\n"})
        facts = inventory(findings=source.findings())
        told = json.loads(FINDING_FORMATS[form](facts))
        entries = told["runs"][0]["results"] if form == "sarif" else told
        return [one.get("partialFingerprints") or one["fingerprint"] for one in entries]

    assert marks(MODELS) == marks(f"# one\n# two\n{MODELS}")
    assert marks(MODELS)


def test_what_the_last_case_had_is_known_before(tmp_path: Path) -> None:
    store = Store(default_url(tmp_path))
    old, new = finding("comma", "a", "a.py:1"), finding("comma", "b", "b.py:1")
    before = case_at(1, {A: "no apples", B: None}, inventory=inventory(findings=[old]))
    after = case_at(2, {A: "no apples", B: "no bread"}, line=70, inventory=inventory(findings=[old, new]))
    assert known_before(store, after) is None
    store.save_case(before.case)
    assert before.suite
    assert before.grouping
    assert before.inventory
    store.save_suite(before.case.id, before.suite)
    store.save_diagnosis(before.case.id, before.grouping, before.causes or ())
    store.save_inventory(before.case.id, before.inventory)

    known = known_before(store, after)
    store.close()

    apples = next(cause.id for cause in after.causes or () if "apples" in cause.title)
    assert known == KnownBefore("at-1", frozenset({apples, old.id}))


def test_the_finding_of_a_cause_that_is_known_before_is_known_too(tmp_path: Path) -> None:
    store = Store(default_url(tmp_path))
    before = case_at(1, {A: None}, inventory=inventory())
    found = inventory([collision()], [finding("duplicate-class", "Base:User", "app/users/models.py:7")])
    causes = find_causes(found, None, None)
    after = replace(case_at(2, {A: None}, inventory=found), causes=causes)
    assert before.grouping
    store.save_case(before.case)
    store.save_diagnosis("at-1", before.grouping, causes)

    known = known_before(store, after)
    store.close()

    assert known == KnownBefore("at-1", frozenset({"mapper-collision:User", "duplicate-class:Base:User"}))


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_causes_of_a_target_in_a_subfolder_have_places_of_the_repository(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.setenv(variable, "/srv")
    case = case_at(1, {A: "no apples"})

    (entry,) = json.loads(RUN_FORMATS["codequality"](case))

    assert entry["location"]["path"] == "shop/shop/prices.py"
    assert "file=shop/shop/prices.py," in RUN_FORMATS["github"](case)


@pytest.mark.slow
@pytest.mark.parametrize("form", sorted(CI_FORMATS))
def test_findings_of_a_target_in_a_subfolder_have_places_of_the_repository(form: str, tmp_path: Path) -> None:
    write_project(tmp_path / "backend", {"shop.py": "def f(:\n", "test_a.py": "import shop\n"})

    told = run_kit("scan", "backend", "--format", form, cwd=tmp_path, GITHUB_WORKSPACE=str(tmp_path))
    elsewhere = run_kit("scan", "backend", "--format", form, cwd=tmp_path, GITHUB_WORKSPACE="", CI_PROJECT_DIR="")

    assert "backend/shop.py" in told.stdout
    assert "shop.py" in elsewhere.stdout
    assert "backend/" not in elsewhere.stdout


TICKED = "tests/test_b.py::test_b[`a`]"


def test_nothing_of_a_cause_is_markup_in_the_summary_or_a_comment() -> None:
    text = "no `apples` *here* [x](y)"
    case = case_at(1, {A: text, TICKED: text})
    compared = compare_cases(case_at(0, {A: None, TICKED: None}), case)
    for told in (summary_markdown(case), COMPARE_FORMATS["markdown"](compared)):
        assert r"no \`apples\` \*here\* \[x\](y)" in told
    assert f": `` {TICKED} ``" in COMPARE_FORMATS["markdown"](compared)


def test_whom_a_cause_concerns_is_said_to_a_team_and_mentions_nobody() -> None:
    case = case_at(1, {A: "no apples"})
    assert case.causes
    owned = replace(case, causes=tuple(replace(one, owners=("@money", "@qa")) for one in case.causes))
    compared = compare_cases(case_at(0, {A: None}), owned)

    assert RUN_FORMATS["github"](owned).endswith("LookupError: no apples: 1 test (concerns @money, @qa)\n")
    assert "1 test (concerns @money, @qa)" in COMPARE_FORMATS["text"](compared)
    assert json.loads(COMPARE_FORMATS["json"](compared))["causes"][0]["cause"]["owners"] == ["@money", "@qa"]
    for told in (summary_markdown(owned), COMPARE_FORMATS["markdown"](compared)):
        assert "| `@money`, `@qa` |" in told
