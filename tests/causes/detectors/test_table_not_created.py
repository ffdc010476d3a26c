"""Tables that nothing creates, and tables that are created in another database than the tests use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts, MappedClass
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test, own
from tests.helpers import write_project

FILES = {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", "shop/app.py": "app = session_of_app = None\n"}
WITHOUT = """
    import pytest
    from shop.db import Base, make_engine

    @pytest.fixture
    def colour():
        return "red"

    @pytest.fixture
    def engine(colour):
        engine = make_engine()
        yield engine

    @pytest.fixture
    def session(engine):
        return engine.begin()
    """
OTHER = """
    import pytest
    from shop.app import app, session_of_app
    from shop.db import Base, make_engine

    @pytest.fixture
    def engine():
        engine = make_engine()
        Base.metadata.create_all(engine)
        yield engine

    @pytest.fixture
    def session(engine):
        app.dependency_overrides[make_engine] = lambda: engine
        return engine.begin()
    """


def _causes(
    folder: Path,
    conftest: str,
    *messages: str,
    fixtures: tuple[str, ...],
    files: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Cause, ...]:
    target = find_target(write_project(folder / "shop", {**FILES, **files, "tests/conftest.py": conftest}))
    frames = (own("shop/store.py", 9, "add"),)
    failures = [failure_with(text, "sqlalchemy.exc.OperationalError", frames=frames) for text in messages]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]
    facts = suite(results, failures)
    facts = replace(facts, tests=tuple(replace(test, fixtures=fixtures) for test in facts.tests))
    mapped = tuple(
        MappedClass(name, "shop.models", name, "shop/models.py", line, "shop.db.Base", table)
        for name, line, table in (("Trip", 3, "trips"), ("Truck", 8, "trucks"))
    )
    inventory = InventoryFacts(files=3, mapped_classes=mapped)
    return find_causes(inventory, facts, group_failures(facts), source=lambda: Declarations.of(target))


def test_the_fixture_that_makes_the_database_is_named_where_nothing_creates_the_tables(tmp_path: Path) -> None:
    lacking = ("no such table: trips", 'relation "trucks" does not exist')
    (cause,) = _causes(tmp_path, WITHOUT, *lacking, fixtures=("session", "engine", "colour"))
    assert cause.kind == "table-not-created"
    assert cause.title == "Nothing creates 2 tables in the database of these tests"
    assert places(cause)[0] == "tests/conftest.py:10", "what the fixture does first"
    assert "shop/store.py:9" in places(cause)


def test_where_a_fixture_hands_sessions_out_comes_behind_the_one_that_makes_the_database(tmp_path: Path) -> None:
    conftest = """
    import pytest
    from shop.db import Base, make_engine, sessionmaker

    @pytest.fixture
    def engine():
        return make_engine()

    @pytest.fixture
    def session(Base, engine):
        factory = sessionmaker(engine)
        with factory() as session:
            yield session

    @pytest.fixture
    def trips(session):
        return session.get("trips")
    """
    fixtures = ("engine", "session", "trips")

    (cause,) = _causes(tmp_path, conftest, "no such table: trips", fixtures=fixtures)

    assert places(cause)[:2] == ["tests/conftest.py:6", "tests/conftest.py:11"]
    (cause,) = _causes(tmp_path / "none", conftest, "no such table: trips", fixtures=("engine", "trips"))
    assert places(cause)[1] == "shop/store.py:9"


@pytest.mark.parametrize("left", ["pass", "...", "# Base.metadata.create_all(engine)"])
def test_the_line_of_the_fixture_that_is_left_of_the_call_comes_first(tmp_path: Path, left: str) -> None:
    conftest = WITHOUT.replace("        yield engine", f"        {left}\n        yield engine")
    (cause,) = _causes(tmp_path, conftest, "no such table: trips", fixtures=("session", "engine"))
    assert places(cause)[:2] == ["tests/conftest.py:11", "tests/conftest.py:10"]
    assert cause.title == 'Nothing creates the table "trips" in the database of these tests'
    assert cause.evidence[0].text == "This line does nothing; the call that creates the tables may have stood here"


def test_where_a_fixture_creates_tables_what_hands_over_the_database_is_named(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, OTHER, "no such table: trips", fixtures=("session", "engine"))
    assert cause.title == 'The database that these tests use lacks the table "trips", though a fixture creates tables'
    assert places(cause)[:2] == ["tests/conftest.py:13", "tests/conftest.py:8"]
    assert "StaticPool" in str(cause.next_step)


def test_tables_that_another_fixture_or_a_function_it_calls_creates_are_not_said_to_be_created_by_nothing(
    tmp_path: Path,
) -> None:
    made = {"shop/db.py": "def make_tables(engine):\n    Base.metadata.create_all(engine)\n"}
    ways = {
        "called": WITHOUT.replace("engine = make_engine()", "engine = make_tables(make_engine())"),
        "beside": WITHOUT + "\n    @pytest.fixture\n    def tables(engine):\n        make_tables(engine)\n",
    }
    for name, conftest in ways.items():
        asked = ("engine", "tables")
        (cause,) = _causes(tmp_path / name, conftest, "no such table: trips", fixtures=asked, files=made)
        assert "though a fixture creates tables" in cause.title, name
        assert places(cause)[0] == "shop/db.py:2", name
    (cause,) = _causes(tmp_path / "unused", WITHOUT, "no such table: trips", fixtures=("engine",), files=made)
    assert cause.title.startswith("Nothing creates"), "the function is there, but no fixture calls it"


def test_a_table_that_no_class_maps_is_none_of_it(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, WITHOUT, "no such table: spatial_ref_sys", fixtures=("engine",))
    assert cause.kind == "failure-group"


def test_tests_without_a_fixture_that_makes_a_database_stay_a_group(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, WITHOUT, "no such table: trips", fixtures=("colour",))
    assert cause.kind == "failure-group"


IDLE = """
    from shop.db import Base, engine

    def create_db_and_tables():
        "All tables of the shop."
        {}

    def start():
        create_db_and_tables()

    def add():
        pass
    """


def test_the_function_that_should_create_the_tables_and_calls_nothing_is_named(tmp_path: Path) -> None:
    for number, fixtures in enumerate([("colour",), ("engine",)]):
        files = {"shop/store.py": IDLE.format("pass")}
        (cause,) = _causes(tmp_path / str(number), WITHOUT, "no such table: trips", fixtures=fixtures, files=files)
        assert cause.kind == "table-not-created"
        assert places(cause)[0] == "shop/store.py:5"
    files = {"shop/store.py": IDLE.format("Base.metadata.create_all(engine)")}
    (cause,) = _causes(tmp_path / "creates", WITHOUT, "no such table: trips", fixtures=("colour",), files=files)
    assert cause.kind == "failure-group", "it does what it is called after"


OF_TESTS = """
    import sqlite3
    from shop.db import Base, connect

    def test_one():
        engine = connect()
        Base.create_all(engine)
        assert engine.execute("select * from trips").fetchall() == []

    def test_two():
        engine = connect()
        {}
        assert engine.execute("select * from trips").fetchall() == []
    """
OWN_DB = """
    import sqlite3

    def connect():
        return sqlite3.connect(":memory:")

    class Base:
        @staticmethod
        def create_all(engine):
            engine.execute("create table trips (id int)")

        @staticmethod
        def create_nothing(engine):
            return None
    """


@pytest.mark.slow
def test_a_test_that_does_not_create_tables_as_the_others_of_its_file_do_is_named(tmp_path: Path) -> None:
    tests = OF_TESTS.format("Base.create_nothing(engine)")
    (cause,), _ = investigated(tmp_path, {"shop/db.py": OWN_DB, "tests/test_trips.py": tests})

    assert cause.kind == "table-not-created"
    assert places(cause)[:2] == ["tests/test_trips.py:12", "tests/test_trips.py:6"]
    assert str(cause.next_step).startswith("Create the tables first, as tests/test_trips.py:6 does")


NO_FILE = "assert False\n +  where False = <function exists at 0x7f40>('/tmp/shop/test.db')"
OF_PATH = "assert False\n +  where False = exists()\n +    where exists = PosixPath('/tmp/shop/test.sqlite').exists"
BESIDE = """
    def test_one(db):
        db.create_all()
        assert exists(db.path)

    def test_two(db):
        pass
        assert exists(db.path)
    """


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (NO_FILE, "table-not-created"),
        (OF_PATH, "table-not-created"),
        (NO_FILE.replace(".db", ".txt"), "failure-group"),
        (NO_FILE.replace("False", "True"), "failure-group"),
    ],
)
def test_a_database_file_that_no_table_makes_leads_to_where_other_tests_create_them(
    tmp_path: Path, message: str, kind: str
) -> None:
    failure = failure_with(message, "AssertionError", frames=(in_test("tests/test_a.py", 7, "test_two"),))
    results = [result("tests/test_a.py::test_two", failure), result("tests/test_a.py::test_one")]

    (cause,) = told_of(tmp_path, {"tests/test_a.py": BESIDE}, suite(results, [failure]))

    assert cause.kind == kind
    if kind == "table-not-created":
        assert cause.title == "Nothing creates a table, and so no file is made, in the database of these tests"
        assert places(cause) == [f"tests/test_a.py:{line}" for line in (6, 7, 2)]


ALONE = """
    from contextlib import nullcontext
    from shop.db import connect

    def test_alone():
        class one: ...
        engine = connect()
        with nullcontext(engine):
            found = one()
            assert engine.execute("select * from trips").fetchall() == []
    """
CREATING = """
    import pytest
    from shop.db import Base, connect

    @pytest.fixture
    def one():
        Base.create_all(connect())

    def test_other(one):
        engine = connect()
        Base.create_all(engine)
        assert engine.execute("select * from trips").fetchall() == []
    """


@pytest.mark.slow
def test_where_no_test_of_the_file_creates_tables_one_of_another_file_is_the_example(tmp_path: Path) -> None:
    files = {"shop/db.py": OWN_DB, "tests/test_a.py": ALONE, "tests/test_b.py": CREATING}
    (cause,), _ = investigated(tmp_path, files)

    assert cause.kind == "table-not-created"
    wanted = ["tests/test_a.py:9", "tests/test_a.py:8", "tests/test_b.py:10"]
    assert places(cause)[:3] == wanted, "the line that fails, where its block starts, and the example"


@pytest.mark.slow
def test_a_test_that_creates_tables_in_vain_is_not_told_to_create_them(tmp_path: Path) -> None:
    tests = OF_TESTS.format("Base.create_all(connect())")
    (cause,), _ = investigated(tmp_path, {"shop/db.py": OWN_DB, "tests/test_trips.py": tests})

    assert cause.kind == "failure-group"
