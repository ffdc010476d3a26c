"""Mapped classes of one name become one cause, now or waiting."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.places import Location
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, places, told, told_of
from tests.causes.scenes import causes_of, collision, inventory, result, suite
from tests.failures.live import failure_with
from tests.helpers import write_project

MULTIPLE = 'Multiple classes found for path "{}" in the registry of this declarative base. Please use a fully path.'
FOLLOW_ON = (
    "One or more mappers failed to initialize - can't proceed with initialization of other mappers. "
    "Triggering mapper: 'Mapper[Post(posts)]'. Original exception was: "
)
FIRST = failure_with(MULTIPLE.format("User"), "sqlalchemy.exc.InvalidRequestError")
LATER = failure_with(FOLLOW_ON + MULTIPLE.format("User"), "sqlalchemy.exc.InvalidRequestError")


def test_a_collision_explains_the_tests_that_show_it_and_their_follow_ons() -> None:
    facts = suite([result("t.py::a", FIRST), result("t.py::b", LATER), result("t.py::c", LATER)], [FIRST, LATER])

    (cause,) = causes_of(facts, inventory([collision()]))

    assert cause.id == "mapper-collision:User"
    assert cause.title == 'Multiple mapped classes named "User"'
    assert (cause.state, cause.tests_blocked, cause.first_hand) == ("consistent", 3, 1)
    assert cause.locations == (
        Location("app/users/models.py", 7, "duplicate"),
        Location("app/auth/models.py", 10, "definition"),
    )


def test_its_evidence_names_the_classes_the_relationships_and_the_group() -> None:
    (cause,) = causes_of(suite([result("t.py::a", FIRST)], [FIRST]), inventory([collision()]))

    texts = [item.text for item in cause.evidence]
    assert "app.auth.models.User is the primary: 24 importers, 9 columns" in texts
    assert "app.users.models.User is the duplicate: 3 importers, 9 columns" in texts
    assert Location("app/paper/models.py", 12, "relationship") in [item.location for item in cause.evidence]
    assert {item.anchor for item in cause.evidence} == {"#collision-Base:User", f"#group-{cause.groups[0]}"}


def test_a_module_qualified_path_is_the_same_class() -> None:
    failure = failure_with(MULTIPLE.format("auth.models.User"), "sqlalchemy.exc.InvalidRequestError")

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]), inventory([collision()]))

    assert cause.tests == ("t.py::a",)


def test_a_collision_that_nothing_brings_together_waits() -> None:
    (cause,) = causes_of(suite([result("t.py::a")]), inventory([collision("PaperTrade", loaded=False)]))

    assert cause.title == 'Two mapped classes named "PaperTrade" wait to collide'
    assert (cause.state, cause.tests, cause.waiting) == ("consistent", (), None)


def test_three_classes_are_counted() -> None:
    (cause,) = causes_of(None, inventory([collision("PaperTrade", loaded=False, classes=3)]))

    assert cause.title.startswith("Three mapped classes")
    assert [place.role for place in cause.locations] == ["duplicate", "duplicate", "definition"]


@pytest.mark.parametrize(
    ("passing", "left"),
    [
        ({"app/admin/models.py"}, ["users", "auth"]),
        (set(), ["users", "admin", "auth"]),  # nobody knows who imports the third
        ({"app/admin/models.py", "app/auth/models.py"}, ["users", "auth"]),  # the failing test imports this one too
        ({"app/admin/models.py", "app/users/models.py"}, ["users", "admin", "auth"]),  # one class is no collision
    ],
)
def test_a_class_that_only_passing_tests_import_has_no_part_in_it(passing: set[str], left: list[str]) -> None:
    facts = suite([result("t.py::a", FIRST), result("other.py::b")], [FIRST])
    loads = {"t.py": frozenset({"app/auth/models.py"}), "other.py": frozenset(passing)}

    (cause,) = find_causes(inventory([collision(classes=3)]), facts, group_failures(facts), loads=lambda: loads)

    assert sorted(place.path for place in cause.locations) == sorted(f"app/{name}/models.py" for name in left)


def test_another_name_is_not_explained_by_it() -> None:
    failure = failure_with(MULTIPLE.format("Order"), "sqlalchemy.exc.InvalidRequestError")

    causes = causes_of(suite([result("t.py::a", failure)], [failure]), inventory([collision("User", loaded=False)]))

    assert {(cause.id, cause.tests, cause.state) for cause in causes} == {
        ("mapper-collision:Order", ("t.py::a",), "unknown"),
        ("mapper-collision:User", (), "consistent"),
    }


def test_the_loaded_one_of_two_collisions_of_a_name_is_the_one_that_tests_met() -> None:
    waiting, loaded = collision(loaded=False), collision()
    other = type(waiting)(**{**vars(waiting), "id": "Other:User", "registry": "app.other.Base"})

    causes = causes_of(suite([result("t.py::a", FIRST)], [FIRST]), inventory([other, loaded]))

    assert [(cause.id, cause.tests_blocked) for cause in causes] == [
        ("mapper-collision:User@app.db.Base", 1),
        ("mapper-collision:User@app.other.Base", 0),
    ]


def test_the_next_step_asks_who_imports_the_duplicate_and_never_to_hide_it() -> None:
    (cause,) = causes_of(suite([result("t.py::a", FIRST)], [FIRST]), inventory([collision()]))

    assert "kit importers PATH app.users.models:User" in str(cause.next_step)
    assert "extend_existing" not in str(cause.next_step)


CAGES = {
    "shop/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    **{
        f"shop/{name}.py": "from sqlalchemy.orm import Mapped, mapped_column\nfrom shop.base import Base\n\n\n"
        f"class Cage(Base):\n    __tablename__ = '{name}_cage'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        for name in ("birds", "cats")
    },
    "shop/keepers.py": "from __future__ import annotations\nfrom sqlalchemy import ForeignKey\n"
    "from sqlalchemy.orm import Mapped, mapped_column, relationship\nfrom shop import birds, cats\n"
    "from shop.base import Base\n\n\nclass Keeper(Base):\n    __tablename__ = 'keeper'\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    cage_id: Mapped[int] = mapped_column(ForeignKey('birds_cage.id'))\n"
    "    cage: Mapped[birds.Cage] = relationship()\n",
    "tests/test_keepers.py": "from shop.keepers import Keeper\n\n\ndef test_keeper():\n    assert Keeper(id=1)\n",
}


@pytest.mark.slow
def test_a_dotted_annotation_that_is_cut_short_is_the_line_to_change(tmp_path: Path) -> None:
    (cause,), _ = investigated(tmp_path, CAGES)
    assert places(cause) == ["shop/keepers.py:12", "shop/cats.py:5", "shop/birds.py:5"]
    assert not any("duplicate" in item.text for item in cause.evidence)
    assert 'relationship("shop.birds.Cage")' in str(cause.next_step)
    assert 'keeps only "Cage" of: cage: Mapped[birds.Cage] = relationship()' in told(cause)


MADE = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from shop.bases import base_for

Model = base_for("{name}")


class Page(Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[list["Line"]] = relationship()


class Line(Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("{name}_page.id"))
"""
BASES = """
from sqlalchemy.orm import DeclarativeBase


class Common(DeclarativeBase):
    pass


def base_for(prefix):
    class Prefixed(Common):
        __abstract__ = True

        def __init_subclass__(cls, **kwargs):
            cls.__tablename__ = f"{prefix}_{cls.__name__.lower()}"
            super().__init_subclass__(**kwargs)

    return Prefixed
"""


@pytest.mark.slow
def test_classes_on_a_base_that_a_function_makes_are_found_by_their_statements(tmp_path: Path) -> None:
    pages = {f"shop/{name}.py": MADE.format(name=name) for name in ("left", "right")}
    tests = "from shop.left import Page\nfrom shop import right\n\n\ndef test_page():\n    assert Page().lines == []\n"
    (cause,), _ = investigated(tmp_path, {"shop/bases.py": BASES, **pages, "tests/test_pages.py": tests})
    assert (cause.kind, cause.state) == ("mapper-collision", "consistent")
    assert set(places(cause)) == {"shop/left.py:13", "shop/right.py:13"}
    assert not any("duplicate" in item.text for item in cause.evidence)
    assert "Each has a table of its own" in str(cause.next_step)


def test_classes_that_the_inventory_does_not_know_are_found_in_source_and_no_scan_is_offered(tmp_path: Path) -> None:
    pages = {f"shop/{name}.py": MADE.format(name=name) for name in ("left", "right")}
    target = find_target(write_project(tmp_path / "shop", {"pyproject.toml": PYPROJECT, **pages}))
    failures = [failure_with(MULTIPLE.format(name), "sqlalchemy.exc.InvalidRequestError") for name in ("Line", "Page")]
    facts = suite([result(f"t.py::{n}", failure) for n, failure in enumerate(failures)], failures)

    (cause,) = find_causes(inventory(), facts, group_failures(facts), source=lambda: Declarations.of(target))

    assert (cause.title, cause.state) == ('Multiple mapped classes named "Line" and "Page"', "consistent")
    assert set(places(cause)) == {f"shop/{name}.py:{line}" for name in ("left", "right") for line in (8, 13)}
    assert "kit scan" not in str(cause.next_step)


BOOK = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from shop.base import Base


class {first}(Base):
    __tablename__ = "{table}_page"
    id: Mapped[int] = mapped_column(primary_key=True)
    lines: Mapped[list["{second}"]] = relationship("{second}")


class {second}(Base):
    __tablename__ = "{table}_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    {table}_id: Mapped[int] = mapped_column(ForeignKey("{table}_page.id"))
    page: Mapped["{first}"] = relationship("{first}", viewonly=True)
"""
BASE = "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n"


def _books(folder: Path, **names: tuple[str, str]) -> list[str]:
    """The titles of the causes of an app whose modules map classes of these names."""
    modules = {
        f"shop/{module}.py": BOOK.format(first=first, second=second, table=module)
        for module, (first, second) in names.items()
    }
    first = next(iter(names.values()))[0]
    test = f"from shop import {', '.join(names)}\n\n\ndef test_page():\n    assert {next(iter(names))}.{first}()\n"
    causes, _ = investigated(folder, {"shop/base.py": BASE, **modules, "tests/test_pages.py": test})
    return [cause.title for cause in causes]


@pytest.mark.slow
def test_names_that_collide_in_the_same_files_are_one_cause(tmp_path: Path) -> None:
    titles = _books(tmp_path, left=("Page", "Line"), right=("Page", "Line"))

    assert titles == ['Multiple mapped classes named "Line" and "Page"']


@pytest.mark.slow
def test_names_that_collide_in_other_files_are_causes_of_their_own(tmp_path: Path) -> None:
    titles = _books(tmp_path, left=("Page", "Line"), right=("Page", "Row"), third=("Sheet", "Line"))

    assert sorted(titles) == ['Multiple mapped classes named "Line"', 'Multiple mapped classes named "Page"']


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def audited(name):\n    class User(Base): ...\n    return User\n", ["shop/audit.py:2"]),
        ("class User(Base): ...\n", []),
    ],
)
def test_the_one_class_statement_within_a_function_is_the_place(tmp_path: Path, text: str, found: list[str]) -> None:
    (cause,) = told_of(tmp_path, {"shop/audit.py": text}, suite([result("t.py::a", FIRST)], [FIRST]))

    assert (cause.kind, places(cause)) == ("mapper-collision", found)
    assert cause.next_step.text.startswith("Call that function once") is bool(found)
