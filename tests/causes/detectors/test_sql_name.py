"""A column with two names leads to the text that creates it and to the statements, not to what runs these."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.failures import Failure
from tests.causes.apps import places, told, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test, own, with_id

SCHEMA = '''
class Notes:
    def __init__(self, db):
        db.execute(
            """CREATE TABLE IF NOT EXISTS notes (
                id INTEGER PRIMARY KEY,
                state INTEGER DEFAULT (1),
                title VARCHAR(20) NOT NULL,
                UNIQUE (id, title)
            )"""
        )
        db.execute(["CREATE TABLE", "owners (id INTEGER, name TEXT)"])


    def add(self, title):
        """Keep the state of a note."""
        return self.db.execute(
            [
                "INSERT INTO notes",
                "(id, title, mode)",
            ],
            (title,),
        )

    def count(self):
        return self.db.execute("SELECT id, title FROM notes WHERE mode = 1")

    def owner(self):
        return self.db.execute("SELECT id, name FROM owners")
'''
DB = """
def execute(sql):
    return connect().execute(sql)
"""
#: the lines that the errors come through, the outmost first
ADD = (in_test("tests/test_a.py", 3, "test_a"), own("shop/notes.py", 16, "add"), own("shop/db.py", 2, "execute"))
COUNT = (in_test("tests/test_a.py", 6, "test_b"), own("shop/notes.py", 25, "count"), own("shop/db.py", 2, "execute"))
INTO = "table notes has no column named mode"


def _causes(
    folder: Path, *failures: Failure, schema: str = SCHEMA, more: dict[str, str] | None = None
) -> tuple[Cause, ...]:
    results = [result(f"tests/test_a.py::test_{at}", failure) for at, failure in enumerate(failures)]
    files = {"shop/notes.py": schema, "shop/db.py": DB, "tests/test_a.py": "", **(more or {})}
    return told_of(folder, files, suite(results, failures))


def _refused(message: str = INTO, frames: tuple = ADD, kind: str = "sqlite3.OperationalError") -> Failure:  # type: ignore[type-arg]
    return failure_with(message, kind, frames=frames)


def test_statements_that_lack_one_column_are_one_cause_at_the_column_that_none_of_them_names(tmp_path: Path) -> None:
    (cause,) = _causes(
        tmp_path, _refused(), _refused("no such column: mode", COUNT), _refused("no such column: notes.mode", COUNT)
    )

    assert (cause.kind, cause.tests_blocked) == ("sql-name", 3)
    assert cause.title == 'Statements name a column "mode" that the table "notes" is not created with'
    assert places(cause)[0] == "shop/notes.py:6"
    assert set(places(cause)[1:3]) == {"shop/notes.py:19", "shop/notes.py:25"}
    assert '"notes" is created here, without "mode"' in told(cause)
    assert "shop/db.py:2" in places(cause)


def test_without_such_a_column_the_text_that_creates_the_table_comes_first(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, _refused(), schema=SCHEMA.replace("                state INTEGER DEFAULT (1),\n", ""))

    assert places(cause)[:2] == ["shop/notes.py:4", "shop/notes.py:18"]


def test_a_name_that_one_statement_alone_has_is_misspelt_there(tmp_path: Path) -> None:
    schema = SCHEMA.replace("(id, title, mode)", "(id, title, state)").replace("mode = 1", "stat = state")
    (cause,) = _causes(tmp_path, _refused("no such column: stat", COUNT), schema=schema)

    assert places(cause)[:2] == ["shop/notes.py:25", "shop/notes.py:4"]


@pytest.mark.parametrize(
    "message",
    [
        'column "mode" of relation "notes" does not exist',
        "column notes.mode does not exist",
        "Unknown column 'notes.mode' in 'field list'",
        "no such column: n.mode",
    ],
)
def test_other_databases_and_names_of_tables_in_a_statement_are_understood(tmp_path: Path, message: str) -> None:
    (cause,) = _causes(tmp_path, _refused(message, COUNT))

    assert (cause.kind, places(cause)[0]) == ("sql-name", "shop/notes.py:6")


def test_a_table_whose_name_is_put_in_later_is_found_by_what_the_error_says(tmp_path: Path) -> None:
    schema = SCHEMA.replace('"""CREATE TABLE IF NOT EXISTS notes', 'f"""CREATE TABLE IF NOT EXISTS {name}')
    (cause,) = _causes(
        tmp_path,
        _refused("table notes_new has no column named mode"),
        _refused("no such column: mode", COUNT),
        schema=schema,
    )

    assert (cause.tests_blocked, places(cause)[0]) == (2, "shop/notes.py:4")


def test_a_table_that_a_file_of_sql_creates_leads_to_its_line(tmp_path: Path) -> None:
    columns = "id INTEGER,\n  state INTEGER, -- 1 or 2\n  title TEXT\n"
    sql = f"-- the mode of a note\nDROP TABLE IF EXISTS notes;\nCREATE TABLE notes (\n  {columns});\n"
    schema = SCHEMA.replace("CREATE TABLE IF NOT EXISTS notes", "PRAGMA notes").replace("state INTEGER", "x")
    (cause,) = _causes(tmp_path, _refused(), schema=schema, more={"shop/schema.sql": sql})

    assert places(cause)[:2] == ["shop/schema.sql:5", "shop/notes.py:19"]


def test_an_error_that_the_app_logs_is_one_cause_with_those_that_tests_show(tmp_path: Path) -> None:
    log = "Captured log call:\nTraceback (most recent call last):\n" + "".join(
        f'  File "{frame.path}", line {frame.line}, in {frame.function}\n    x\n' for frame in ADD[1:]
    )
    failures = [
        with_id(
            replace(
                failure_with(f"assert 500 == {status}", frames=ADD[:1]), tail=f"{log}sqlite3.OperationalError: {INTO}\n"
            )
        )
        for status in (200, 201)
    ]
    (cause,) = _causes(tmp_path, *failures, _refused("no such column: mode", COUNT))

    assert (cause.tests_blocked, places(cause)[0]) == (3, "shop/notes.py:6")


@pytest.mark.parametrize(
    ("message", "schema"),
    [
        (
            "no such column: mode",
            SCHEMA + '    def move(self):\n        self.db.execute("ALTER TABLE notes ADD COLUMN mode")\n',
        ),
        (INTO, SCHEMA.replace("CREATE TABLE IF NOT EXISTS notes", "PRAGMA notes")),
        ("table notes has no column named title", SCHEMA),
        ("table notes has no column named Title", SCHEMA),
        ("no such table: notes", SCHEMA),
    ],
    ids=["added later", "created elsewhere", "it has the column", "in other letters", "no table"],
)
def test_what_the_text_does_not_show_is_not_told(tmp_path: Path, message: str, schema: str) -> None:
    assert _causes(tmp_path, _refused(message), schema=schema)[0].kind != "sql-name"


def test_a_short_name_stands_for_the_table_that_the_statement_gives_it_to(tmp_path: Path) -> None:
    joined = "SELECT n.id, o.mode FROM notes n JOIN owners AS o ON n.id = o.id"
    schema = SCHEMA.replace("SELECT id, title FROM notes WHERE mode = 1", joined)
    (cause,) = _causes(tmp_path, _refused("no such column: o.mode", COUNT), schema=schema)

    assert cause.title == 'Statements name a column "mode" that the table "owners" is not created with'
    assert places(cause)[:2] == ["shop/notes.py:25", "shop/notes.py:11"]


def test_one_test_alone_may_log_the_error_that_it_expects(tmp_path: Path) -> None:
    log = f"Captured log call:\nTraceback (most recent call last):\n{{}}sqlite3.OperationalError: {INTO}\n"
    frame = '  File "shop/notes.py", line 16, in add\n    x\n'
    logging = with_id(replace(failure_with("assert 500 == 200", frames=ADD[:1]), tail=log.format(frame)))

    assert _causes(tmp_path, logging)[0].kind != "sql-name"


def _lacks(name: str, frames: tuple = COUNT, said: str = "no such table: {}") -> Failure:  # type: ignore[type-arg]
    return _refused(said.format(name), frames)


def test_a_misspelt_table_leads_to_the_statement_and_then_to_what_creates_it(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, _lacks("notess"), schema=SCHEMA.replace("FROM notes", "FROM notess"))

    assert cause.title == 'Statements name a table "notess", and what is created is called "notes"'
    assert places(cause)[:2] == ["shop/notes.py:25", "shop/notes.py:4"]


@pytest.mark.parametrize(
    "said",
    ["no such table: {}", "no such table: main.{}", 'relation "{}" does not exist', "Table 'shop.{}' doesn't exist"],
)
def test_a_renamed_table_that_no_statement_asks_for_comes_first(tmp_path: Path, said: str) -> None:
    schema = SCHEMA.replace("IF NOT EXISTS notes", "IF NOT EXISTS notes_old")
    (cause,) = _causes(tmp_path, _lacks("notes", said=said), _lacks("notes", ADD, said), schema=schema)

    assert (cause.kind, cause.tests_blocked) == ("sql-name", 2)
    assert places(cause)[:3] == ["shop/notes.py:4", "shop/notes.py:25", "shop/notes.py:18"]
    assert 'No statement asks for "notes_old"' in told(cause)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("notes", SCHEMA),
        ("bills", SCHEMA.replace("FROM notes", "FROM bills")),
        ("notess", SCHEMA),
        ("notess", SCHEMA.replace("FROM notes", "FROM notess").replace("owners (id", "{name} (id")),
        ("owned", SCHEMA.replace("FROM notes", "FROM owned").replace("INTO notes", "INTO owned")),
    ],
    ids=["it is created", "none is like it", "no statement names it", "a name is put in later", "both are in use"],
)
def test_a_table_that_the_text_says_nothing_of_is_not_told(tmp_path: Path, name: str, schema: str) -> None:
    assert all(cause.kind != "sql-name" for cause in _causes(tmp_path, _lacks(name), schema=schema))
