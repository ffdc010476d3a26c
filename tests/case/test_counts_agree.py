"""Every number that a notebook shows is the one in the report, and in the lines that the terminal shows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit import frames
from kit.case.investigation import Investigation
from kit.case.options import CaseOptions
from kit.case.summary import summary
from kit.facts.case import CaseFacts
from kit.report.joined import Joined
from kit.report.sections import categories, importers
from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

MODEL = """
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    from app.base import Base

    KIND = "user"

    class User(Base):
        __tablename__ = "{table}"
        id: Mapped[int] = mapped_column(primary_key=True)
"""
PROJECT = {
    "pytest.ini": "[pytest]\n",
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/users.py": MODEL.format(table="users"),
    "app/people.py": MODEL.format(table="people"),
    "app/posts.py": """
        from sqlalchemy import ForeignKey
        from sqlalchemy.orm import Mapped, mapped_column, relationship
        from app.base import Base
        from app.people import KIND, User as Person
        from app.users import KIND as OTHER, User

        class Post(Base):
            __tablename__ = "posts"
            id: Mapped[int] = mapped_column(primary_key=True)
            user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user = relationship("User")
    """,
    "tests/test_posts.py": """
        import warnings
        from app.posts import Post
        from app.users import User, KIND

        def test_made():
            Post(id=1)

        def test_made_again():
            Post(id=2)

        def test_fine():
            warnings.warn("old", UserWarning)

        def test_wrong():
            assert KIND == "person"
    """,
    "tests/test_lost.py": "import a_package_that_nobody_has\n",
    "tests/test_gone.py": "import another_package_that_nobody_has\n",
}


class Investigated:
    """A case after all stages: its facts, and its report for machines."""

    def __init__(self, investigation: Investigation) -> None:
        investigation.map_registry()
        investigation.read_imports()
        investigation.run_tests()
        investigation.diagnose()
        report = investigation.write_report()
        self.facts: CaseFacts = investigation.facts
        self.incident: dict[str, Any] = json.loads((report.parent / "incident.json").read_text())
        self.root = Path(investigation.target.root)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Investigated]:
    here = tmp_path_factory.mktemp("agree")
    root = write_project(here / "project", PROJECT)
    investigation = Investigation.start(CaseOptions.of(root, case="c", reports_dir=here / "reports"))
    yield Investigated(investigation)
    investigation.store.close()


def test_the_mapper_notebook_has_the_counts_of_the_report(done: Investigated) -> None:
    inventory, incident = done.facts.inventory, done.incident
    assert inventory

    parties = frames.collisions(inventory.collisions)
    assert len(parties) == sum(len(collision["classes"]) for collision in incident["collisions"]) == 2
    told = {party["path"]: party["importers"] for one in incident["collisions"] for party in one["classes"]}
    assert {where.partition(":")[0]: n for where, n in zip(parties["where"], parties["importers"], strict=True)} == told
    assert len(frames.findings(inventory)) == len(incident["findings"])
    classes, findings = len(inventory.mapped_classes), len(incident["findings"])
    assert f"{classes} mapped classes · 1 collision · {findings} finding" in summary(done.facts, "mapper_registry")[0]
    assert len(frames.mapped_classes(inventory.mapped_classes)) == classes


def test_the_import_notebook_has_the_counts_of_the_report(done: Investigated) -> None:
    inventory = done.facts.inventory
    assert inventory
    view = importers.view(Joined(done.facts))
    rows = frames.importers(inventory.importers)

    assert view.modules
    assert len(inventory.importers) > len(rows), "a statement takes several names"
    assert len(rows) == view.total
    assert rows["module"].value_counts().to_dict() == {one.module: len(one.places) for one in view.modules}
    shown = rows.groupby(["module", "role"], observed=True).size().to_dict()
    assert shown == Counter((one.module, place.role) for one in view.modules for place in one.places)
    assert f" · {view.total} importers of {len(view.modules)} modules · " in summary(done.facts, "import_graph")[0]
    places = {(one["module"], one["path"], one["line"]) for one in done.incident["importers"]}
    assert len(places) == view.total


def test_the_command_counts_the_same_importers(done: Investigated) -> None:
    listed = run_kit("importers", str(done.root), "app.users", cwd=done.root.parent)
    (module,) = [one for one in importers.view(Joined(done.facts)).modules or () if one.module == "app.users"]

    assert listed.stderr == f"{len(module.places)} importers of app.users\n"
    assert len(listed.stdout.splitlines()) == len(module.places)


def test_the_test_notebook_has_the_counts_of_the_report(done: Investigated) -> None:
    suite, incident = done.facts.suite, done.incident
    assert suite
    accounting = dict(incident["accounting"])
    files = accounting.pop("uncollectable")
    collected = accounting.pop("collected")

    outcomes = frames.outcomes(suite)
    assert {name.replace(" ", "_"): number for name, number in outcomes.items()} == accounting
    assert outcomes.sum() == collected == len(frames.tests(suite.results)) == len(incident["tests"])
    assert list(frames.uncollectable(suite)["path"]) == [one["path"] for one in files]
    assert frames.warnings(suite)["count"].sum() == sum(one["count"] for one in incident["run"]["warnings"]) == 1
    line = f"4 tests · {accounting['passed']} passed · {accounting['failed']} failing · 2 files not collected"
    assert summary(done.facts, "test_batches")[0].startswith(line)


def test_the_category_notebook_has_the_counts_of_the_report(done: Investigated) -> None:
    grouping, causes, incident = done.facts.grouping, done.facts.causes, done.incident
    assert grouping
    assert causes
    view = categories.view(Joined(done.facts))
    rows = frames.categories(grouping)

    told = {one.category.title: (one.tests, one.files) for one in view.categories or ()}
    assert {
        name: (tests, files) for name, tests, files in rows[["category", "tests", "files not collected"]].to_numpy()
    } == told
    assert (rows["tests"].sum(), rows["files not collected"].sum()) == (view.tests, view.files) == (3, 2)
    assert rows["tests"].sum() == incident["accounting"]["failed"] + incident["accounting"]["error"]
    assert rows["files not collected"].sum() == len(incident["accounting"]["uncollectable"])
    groups = frames.groups(grouping)
    assert (groups["tests"].sum(), groups["files not collected"].sum()) == (view.tests, view.files)
    found = frames.causes(causes)
    assert list(found["tests blocked"]) == [one["tests_blocked"] for one in incident["causes"]]
    assert list(found["files not collected"]) == [len(one["uncollectable"]) for one in incident["causes"]]
    line = f"{len(incident['groups'])} groups · {len(incident['causes'])} causes · "
    assert summary(done.facts, "failure_categories")[0].startswith(line)
