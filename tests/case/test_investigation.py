from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit import frames
from kit.case import kernels
from kit.case.all_stages import run_all_stages
from kit.case.investigation import Investigation
from kit.case.options import CaseOptions
from kit.facts.errors import UsageError
from kit.suite import PlainDisplay
from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow

PROJECT = {
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/users.py": """
        from sqlalchemy.orm import Mapped, mapped_column, relationship

        from app.base import Base


        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
    """,
    "app/viewers.py": """
        from sqlalchemy.orm import Mapped, mapped_column

        from app.base import Base


        class User(Base):
            __tablename__ = "users"
            __table_args__ = {"extend_existing": True}
            id: Mapped[int] = mapped_column(primary_key=True)
    """,
    "app/posts.py": """
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import Mapped, mapped_column, relationship

        from app.base import Base
        from app.users import User as Account
        from app.viewers import User as Viewer


        class Post(Base):
            __tablename__ = "posts"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user = relationship("User")
    """,
    "tests/test_posts.py": """
        from app.posts import Post


        def test_a_post_can_be_made():
            Post(id=1)


        def test_another_post_can_be_made():
            Post(id=2)


        def test_one_is_one():
            assert 1 == 1
    """,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project", PROJECT)


@pytest.fixture
def investigation(project: Path, tmp_path: Path):
    options = CaseOptions.of(str(project), case="c", timeout_s=10, reports_dir=str(tmp_path / "reports"))
    investigation = Investigation.start(options)
    yield investigation
    investigation.store.close()


def test_the_stages_in_order_name_the_cause(investigation: Investigation, project: Path) -> None:
    before = fingerprint(project)

    inventory = investigation.map_registry()
    importers = investigation.read_imports()
    suite = investigation.run_tests()
    grouping, causes = investigation.diagnose()
    report = investigation.write_report()

    assert [collision.name for collision in inventory.collisions] == ["User"]
    assert {(i.path, i.line) for i in importers} == {("app/posts.py", 5), ("app/posts.py", 6)}
    assert (suite.accounting.collected, suite.accounting.passed, suite.accounting.failed) == (3, 1, 2)
    assert [group.count for group in grouping.groups] == [2]
    assert grouping.groups[0].first_hand in {1, 2}, "one in each process that met the error"
    assert [(cause.kind, cause.tests_blocked) for cause in causes] == [("mapper-collision", 2)]
    assert report == investigation.folder / "incident.html"
    facts = investigation.facts
    assert [stage.outcome for stage in facts.stages] == ["done"] * 5
    assert facts.case.finished is not None
    assert facts.case.first_cause_after is not None
    assert facts.inventory is not None
    assert [collision.loaded for collision in facts.inventory.collisions] == [True]
    assert fingerprint(project) == before


def test_a_stage_computes_what_was_never_tried(investigation: Investigation) -> None:
    _, causes = investigation.diagnose()

    assert [cause.kind for cause in causes] == ["mapper-collision"]
    assert {stage.name for stage in investigation.facts.stages} == {
        "failure_categories",
        "mapper_registry",
        "test_batches",
    }


def test_the_report_of_an_empty_case_says_so(investigation: Investigation) -> None:
    investigation.write_report()

    incident = json.loads((investigation.folder / "incident.json").read_text())
    assert incident["status"] == "INCOMPLETE"


def test_a_failed_stage_is_recorded_with_its_reason(
    investigation: Investigation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("password=hunter22 is wrong")

    monkeypatch.setattr("kit.suite.run_suite", broken)
    with pytest.raises(RuntimeError):
        investigation.run_tests()

    (stage,) = investigation.facts.stages
    assert stage.outcome == "failed"
    assert stage.error is not None
    assert stage.error.startswith("RuntimeError: ")
    assert "hunter22" not in stage.error


def test_a_case_is_opened_by_its_name_with_the_values_asked_for_now(
    investigation: Investigation, project: Path, tmp_path: Path
) -> None:
    options = CaseOptions.of(str(project), case="c", timeout_s=99, reports_dir=str(tmp_path / "reports"))
    again = Investigation.open(options)

    assert again.case == investigation.case
    assert again.options.timeout_s == 99
    again.store.close()


def test_resuming_takes_the_values_that_the_case_was_begun_with(investigation: Investigation, tmp_path: Path) -> None:
    again = Investigation.resume("c", CaseOptions.of(reports_dir=str(tmp_path / "reports")))

    assert again.options.timeout_s == 10
    again.store.close()


def test_a_taken_name_is_refused(investigation: Investigation) -> None:
    with pytest.raises(UsageError, match='"c" exists already'):
        Investigation.start(investigation.options)


def test_frames_have_a_row_a_fact_and_sensible_dtypes(investigation: Investigation) -> None:
    inventory = investigation.map_registry()
    suite = investigation.run_tests()
    grouping, causes = investigation.diagnose()

    collisions = frames.collisions(inventory.collisions)
    assert sorted(collisions["where"]) == ["app/users.py:6", "app/viewers.py:6"]
    assert collisions["extend_existing"].dtype == bool
    assert frames.outcomes(suite).sum() == 3
    assert str(frames.tests(suite.results)["outcome"].dtype) == "category"
    assert frames.categories(grouping)["share"].sum() == pytest.approx(100)
    assert frames.causes(causes)["tests blocked"].tolist() == [2]
    assert str(frames.causes(())["waiting"].dtype) == "Int64"


def test_categories_that_hold_only_files_have_no_share(tmp_path: Path) -> None:
    project = write_project(tmp_path / "p", {"test_a.py": "import nonexistent_package\n"})
    investigation = Investigation.start(CaseOptions.of(str(project), reports_dir=str(tmp_path / "reports")))
    grouping, _ = investigation.diagnose()
    investigation.store.close()

    categories = frames.categories(grouping)
    assert categories["tests"].tolist() == [0]
    assert categories["share"].isna().all()


def test_a_notebook_that_fails_is_a_failed_stage_and_the_report_is_made(
    investigation: Investigation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for source in kernels.notebooks_folder().glob("*.ipynb"):
        text = source.read_text()
        for stage in ("read_imports()", "case.write_report()"):
            text = text.replace(stage, stage.replace("()", "_is_gone()"))
        (notebooks / source.name).write_text(text)
    monkeypatch.setattr(kernels, "notebooks_folder", lambda: notebooks)
    said: list[str] = []

    done = run_all_stages(investigation, announce=said.append, display=PlainDisplay)

    outcomes = {stage.name: stage.outcome for stage in done.facts.stages}
    assert outcomes["import_graph"] == "failed"
    assert outcomes["test_batches"] == "done"
    assert outcomes["incident_report"] == "failed"
    assert done.report.exists()
    assert any("read_imports_is_gone" in line for line in said)
    incident = json.loads((investigation.folder / "incident.json").read_text())
    assert incident["status"] == "INCOMPLETE"


def test_cases_that_begin_in_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    project = write_project(tmp_path / "shop", PROJECT)
    asked = CaseOptions.of(str(project), reports_dir=str(tmp_path / "reports"))
    begun = [Investigation.start(asked) for _ in range(4)]
    for each in begun:
        each.store.close()

    names = [each.case.id for each in begun]
    assert len(set(names)) == 4
    assert all(name.startswith("shop-") for name in names)


def test_a_run_that_its_limit_has_cut_short_is_gone_on_with(tmp_path: Path) -> None:
    gate, log = tmp_path / "gate", tmp_path / "log"
    waits = f"""
        import time
        from pathlib import Path

        def test_first():
            with open({str(log)!r}, "a") as log:
                log.write("first")

        def test_second():
            while not Path({str(gate)!r}).exists():
                time.sleep(0.05)
    """
    app = write_project(tmp_path / "app", {"test_a.py": waits})
    for limit in (4.0, 8.0, 16.0, 32.0):  # on a busy machine the first test may not be reached in a few seconds
        log.unlink(missing_ok=True)
        options = CaseOptions.of(
            app, case=f"c{limit:g}", workers=1, reports_dir=str(tmp_path / "reports"), run={"run_timeout_s": limit}
        )
        investigation = Investigation.start(options)
        before = investigation.run_tests()
        if [result.outcome for result in before.results] == ["passed", "not_run"]:
            break
    gate.touch()
    patient = CaseOptions.of(reports_dir=str(tmp_path / "reports"), run={"run_timeout_s": 600.0})

    facts = Investigation.resume(investigation.case.id, patient, {"run_timeout_s"}).run_tests()

    assert [result.outcome for result in before.results] == ["passed", "not_run"]
    assert [result.outcome for result in facts.results] == ["passed", "passed"]
    assert log.read_text() == "first", "what had its outcome is not run again"
