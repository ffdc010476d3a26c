"""The finding that a collision is."""

from __future__ import annotations

import pytest

from kit.facts.inventory import Collision
from kit.inventory.findings.duplicate_class import severity
from tests.inventory.projects import Source
from tests.inventory.registry.test_collisions import APP, AUTH, ORDERS, USERS


def test_a_collision_is_told_with_both_places_the_primary_first() -> None:
    (finding,) = Source(APP).found("duplicate-class")
    assert finding.id == "duplicate-class:User"
    assert finding.title == 'Two mapped classes named "User" share one registry'
    assert [(str(place), place.role) for place in finding.locations] == [
        ("auth/models.py:2", "definition"),
        ("users/models.py:2", "duplicate"),
    ]
    assert '"User" is looked up by name at orders/models.py:4' in finding.evidence
    assert (
        "Points for being the primary one: 4.67 (columns 0.67, relationships 1, "
        "relationships that can only mean it 2, defines its table 1) against 0.33 (columns 0.33)" in finding.evidence
    )
    assert finding.details == {"registry": "db.Base", "tables": ["users"], "used_by": ["orders/models.py:4"]}


def collision(*, orders: bool = True, extend: bool = True, folder: str = "users") -> Collision:
    users = USERS if extend else USERS.replace("extend_existing", "x")
    files = {**APP, "orders/models.py": ORDERS if orders else ""}
    files.pop("users/models.py")
    (found,) = Source({**files, f"{folder}/models.py": users}).collisions()
    return found


EVERYTHING = frozenset({"auth/models.py", "users/models.py", "orders/models.py", "examples/models.py"})


@pytest.mark.parametrize(
    ("found", "missing", "expected"),
    [
        (collision(), None, "blocks_now"),
        (collision(), "tests/test_a.py", "blocks_now"),
        (collision(), "users/models.py", "blocks_when_both_imported"),
        (collision(), "orders/models.py", "blocks_when_both_imported"),
        (collision(orders=False), None, "smell"),
        (collision(orders=False), "orders/models.py", "smell"),
        (collision(orders=False, extend=False), None, "blocks_now"),
        (collision(orders=False, extend=False), "orders/models.py", "blocks_now"),
        (collision(orders=False, extend=False), "auth/models.py", "blocks_when_both_imported"),
        (collision(folder="examples"), None, "smell"),
        (collision(folder="migrations"), None, "blocks_when_both_imported"),
        (collision(folder="examples"), "users/models.py", "blocks_now"),
    ],
)
def test_it_blocks_when_the_suite_loads_the_classes_and_what_breaks(
    found: Collision, missing: str | None, expected: str
) -> None:
    assert severity(found, EVERYTHING - {missing} if missing else None) == expected


def test_examples_that_are_alike_are_a_smell() -> None:
    alike = AUTH + "\n    class Order(Base):\n        __tablename__ = 'orders'\n        user = relationship('User')"
    files = {"db.py": APP["db.py"], "examples/one.py": alike, "examples/two.py": alike}
    found = Source(files).found("duplicate-class")
    assert [one.severity for one in found] == ["smell", "smell"]
    assert all(one.details["used_by"] for one in found)


TEST_MODULES = {
    "from auth.models import User\nfrom users.models import User\nimport orders.models": "blocks_now",
    "from auth.models import User\nimport orders.models": "blocks_when_both_imported",
    "from auth.models import User\nfrom users.models import User": "blocks_when_both_imported",
    "from auth.models import User\nimport orders.models\ndef test(): import users.models": "blocks_when_both_imported",
}


@pytest.mark.parametrize(("text", "expected"), TEST_MODULES.items(), ids=range(len(TEST_MODULES)))
def test_what_the_test_modules_load_decides_before_anything_runs(text: str, expected: str) -> None:
    (finding,) = Source({**APP, "tests/test_a.py": text}).found("duplicate-class")
    assert finding.severity == expected


def test_classes_with_tables_of_their_own_may_both_stay() -> None:
    cage = "from zoo.base import Base\nfrom sqlalchemy import Column, Integer\nclass Cage(Base):\n"
    cage += '    __tablename__ = "{}_cage"\n    id = Column(Integer, primary_key=True)\n'
    keeper = """
    from __future__ import annotations
    from zoo import birds, cats
    from zoo.base import Base
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    class Keeper(Base):
        __tablename__ = "keeper"
        id: Mapped[int] = mapped_column(primary_key=True)
        cage_id: Mapped[int] = mapped_column(ForeignKey("bird_cage.id"))
        cage: Mapped[birds.Cage] = relationship({})
    """
    files = {
        "zoo/__init__.py": "",
        "zoo/base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
        "zoo/birds.py": cage.format("bird"),
        "zoo/cats.py": cage.format("cat"),
    }
    (finding,) = Source({**files, "zoo/keepers.py": keeper.format("")}).found("duplicate-class")
    assert finding.severity == "blocks_now"
    assert {place.role for place in finding.locations} == {"definition"}
    assert (
        "Each has a table of its own, so both may stay: relationships have to name the one they mean, "
        'as "zoo.birds.Cage" or "zoo.cats.Cage"'
    ) in finding.evidence
    assert not any("duplicate" in line for line in finding.evidence)
    (told,) = Source({**files, "zoo/keepers.py": keeper.format('"zoo.birds.Cage"')}).found("duplicate-class")
    assert told.severity == "smell"


GROUP = """
from app.db import Base
from sqlalchemy import Column, Integer
from sqlalchemy.orm import relationship
class Group{more}(Base):
    __tablename__ = "group"
    id = Column(Integer, primary_key=True)
    parts = relationship("Group")
"""


@pytest.mark.parametrize("more", ["", "Other"])
@pytest.mark.parametrize(
    ("folder", "test", "effects"),
    [
        # apps that tests start one by one, in processes of their own
        ("tests/apps", "import app.db\n", ["smell"]),
        ("examples", "import app.db\n", ["smell"]),
        ("tests/apps", "import tests.apps.one, tests.apps.two\n", ["blocks now", "blocks when both are imported"]),
        ("app", "import app.db\n", ["blocks when both are imported"]),
    ],
)
def test_apps_that_stand_alone_never_meet(folder: str, test: str, effects: list[str], more: str) -> None:
    files = {f"{folder}/one.py": GROUP.format(more=""), f"{folder}/two.py": GROUP.format(more=more)}
    base = {
        "app/__init__.py": "",
        "app/db.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
    }
    project = Source({**base, **files, "tests/test_a.py": test})
    kind = "table-mapped-twice" if more else "duplicate-class"
    assert [finding.effect for finding in project.found(kind)] == [effects[-1] if more else effects[0]]


COMPUTED = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship
    class Base(DeclarativeBase): ...
    class Named(Base):
        __abstract__ = True
        @declared_attr
        def __tablename__(cls): return cls.__module__.replace(".", "_")
"""
PAGE = "from db import Base, Named\nclass Page({base}):\n    {table}id: Mapped[int] = mapped_column(primary_key=True)\n"


def pages(*tables: str | None) -> dict[str, str]:
    """A class ``Page`` in a module of its own for each table; ``None`` for a computed table name."""
    made = [
        PAGE.format(base="Base" if table else "Named", table=f"__tablename__ = '{table}'\n    " if table else "")
        for table in tables
    ]
    return {
        "db.py": COMPUTED,
        **{f"p{number}/models.py": "from sqlalchemy.orm import *\n" + one for number, one in enumerate(made)},
    }


@pytest.mark.parametrize(
    ("tables", "standings"),
    [
        (("page", "page"), ["primary", "duplicate"]),
        (("left", "right"), ["own table"] * 2),
        ((None, None), ["table not known"] * 2),
        (("left", None), ["table not known"] * 2),
    ],
)
def test_only_classes_of_one_table_are_called_copies(tables: tuple[str | None, ...], standings: list[str]) -> None:
    (found,) = Source(pages(*tables)).collisions()
    assert [found.standing(party) for party in found.classes] == standings


def test_where_source_does_not_show_the_tables_no_class_is_called_the_duplicate() -> None:
    (finding,) = Source(pages(None, None)).found("duplicate-class")
    assert [place.role for place in finding.locations] == ["definition", "definition"]
    told = " ".join(finding.evidence)
    assert "so none is called a duplicate" in told
    assert "is the duplicate" not in told
    assert "Points" not in told
    assert "If each has a table of its own, both may stay" in told


def test_tables_of_two_schemas_are_named_with_them() -> None:
    files = {
        f"{name}.py": f"from db import Base\nclass Desk(Base):\n    __tablename__ = 'desk'\n"
        f"    __table_args__ = {{'schema': '{name}'}}\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        for name in ("north", "south")
    }
    (finding,) = Source({"db.py": APP["db.py"], **files}).found("duplicate-class")
    assert {'north.Desk is mapped to the table "north.desk"', 'south.Desk is mapped to the table "south.desk"'} <= {
        *finding.evidence
    }
