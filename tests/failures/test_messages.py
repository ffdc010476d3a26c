"""Layers come off a message one by one."""

from __future__ import annotations

import pytest

from kit.failures.messages import unwrap_message


@pytest.mark.parametrize(
    ("text", "message", "exception"),
    [
        (
            (
                "(sqlite3.OperationalError) index ix_x already exists\n[SQL: CREATE INDEX ix_x ON b (x)]\n"
                "(Background on this error at: https://sqlalche.me/e/20/e3q8)"
            ),
            "index ix_x already exists",
            "sqlite3.OperationalError",
        ),
        (
            (
                "(raised as a result of Query-invoked autoflush; consider using a session.no_autoflush block if this "
                "flush "
                "is occurring prematurely)\n(sqlite3.IntegrityError) NOT NULL constraint failed: users.at\n"
                "[SQL: INSERT INTO users (email) VALUES (?)]\n[parameters: ('a@b.c',)]"
            ),
            "NOT NULL constraint failed: users.at",
            "sqlite3.IntegrityError",
        ),
        (
            (
                "(sqlalchemy.dialects.postgresql.asyncpg.ProgrammingError) "
                "<class 'asyncpg.exceptions.UndefinedTableError'>: relation \"users\" does not exist"
            ),
            'relation "users" does not exist',
            "asyncpg.exceptions.UndefinedTableError",
        ),
        (
            (
                "'test_a[x]' requested an async fixture 'db', with no plugin or hook that handled it. This is an "
                "error, as pytest does not natively support it.\nSee: https://docs.pytest.org/en/stable/deprecations.html"
            ),
            "requested an async fixture 'db', with no plugin or hook that handled it",
            None,
        ),
        ("('db', <SubRequest 'client' for <Function test_a>>)", "fixture 'db' not found", None),
        ("('db', <FixtureRequest for <Function test_a>>)", "fixture 'db' not found", None),
        ("('db', <SubRequest 'db' for <Function test_a>>)", "recursive dependency involving fixture 'db'", None),
        (
            (
                "file /app/test_x.py, line 3\n  def test_a(db):\nE       fixture 'db' not found\n"
                ">       available fixtures: cache, tmp_path\n"
                ">       use 'pytest --fixtures [testpath]' for help on them."
            ),
            "fixture 'db' not found",
            None,
        ),
        (
            (
                "ImportError while importing test module '/app/test_x.py'.\nHint: make sure ...\nTraceback:\n"
                "test_x.py:1: in <module>\n    import app.gone\nE   ModuleNotFoundError: No module named 'app.gone'"
            ),
            "No module named 'app.gone'",
            "ModuleNotFoundError",
        ),
        (
            "ModuleNotFoundError: No module named 'gone' (from /app/tests/conftest.py)",
            "No module named 'gone'",
            "ModuleNotFoundError",
        ),
        (
            (
                "1 validation error for Order\nn\n  Input should be a valid integer "
                "[type=int_parsing, input_value='x', input_type=str]\n"
                "    For further information visit https://errors.pydantic.dev/2.14/v/int_parsing"
            ),
            "1 validation error for Order\nn\n  Input should be a valid integer [type=int_parsing, input_type=str]",
            None,
        ),
        ("nothing to take off", "nothing to take off", None),
        ("(see above) nothing to take off", "(see above) nothing to take off", None),
        ("", "", None),
    ],
)
def test_the_innermost_text_and_its_type_are_found(text: str, message: str, exception: str | None) -> None:
    found = unwrap_message(text)

    assert (found.message, found.exception, found.follow_on) == (message, exception, False)


def test_a_follow_on_gives_the_original_error() -> None:
    found = unwrap_message(
        "One or more mappers failed to initialize - can't proceed with initialization of other mappers. Triggering "
        "mapper: 'Mapper[Post(posts)]'. Original exception was: "
        'Multiple classes found for path "User" in the registry.'
    )

    assert found.message == 'Multiple classes found for path "User" in the registry.'
    assert found.follow_on


def test_a_session_that_was_rolled_back_gives_the_error_of_its_flush() -> None:
    found = unwrap_message(
        "This Session's transaction has been rolled back due to a previous exception during flush. To begin a new "
        "transaction with this Session, first issue Session.rollback(). Original exception was: "
        "(sqlite3.IntegrityError) UNIQUE constraint failed: users.email\n[SQL: INSERT ...]"
    )

    assert (found.message, found.exception) == ("UNIQUE constraint failed: users.email", "sqlite3.IntegrityError")
    assert found.follow_on
