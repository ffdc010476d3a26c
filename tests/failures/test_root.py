"""From live exceptions to their roots."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from kit.failures import find_root
from tests.failures.live import failure_of, failure_with, in_test, own


class Base(DeclarativeBase):
    pass


def test_the_explicit_cause_is_the_root() -> None:
    def start() -> None:
        try:
            {}["port"]  # type: ignore[index]
        except KeyError as error:
            raise RuntimeError("startup failed") from error

    root = find_root(failure_of(start))

    assert (root.type, root.message, root.steps) == ("KeyError", "'port'", ("cause of RuntimeError",))


def test_what_puts_a_missing_key_in_words_is_the_root() -> None:
    def read() -> None:
        try:
            {}["open"]  # type: ignore[index]
        except KeyError as error:
            raise LookupError("'open' is not among the defined enum values") from error

    root = find_root(failure_of(read))

    assert (root.type, root.message) == ("LookupError", "'open' is not among the defined enum values")


def test_an_exception_that_a_handler_translates_is_the_root() -> None:
    def start() -> None:
        try:
            int("x")
        except ValueError:
            raise RuntimeError("bad port")  # noqa: B904  # the implicit context is what this is about

    assert find_root(failure_of(start)).type == "ValueError"


def test_a_handler_that_fails_by_itself_has_its_own_root() -> None:
    def compute() -> int:
        return 1 // 0

    def cached() -> int:
        try:
            return {}["answer"]  # type: ignore[index]
        except KeyError:
            return compute()

    assert find_root(failure_of(cached)).type == "ZeroDivisionError"


def test_what_failed_inside_a_with_block_is_the_root_of_what_leaving_it_raises() -> None:
    class Connection:
        def __enter__(self) -> None: ...

        def __exit__(self, *_error: object) -> None:
            raise OSError("cannot close")

    def query() -> None:
        with Connection():
            raise LookupError("no such row")

    assert find_root(failure_of(query)).type == "LookupError"


def test_a_suppressed_context_is_not_followed() -> None:
    def start() -> None:
        try:
            int("x")
        except ValueError:
            raise RuntimeError("bad port") from None

    assert find_root(failure_of(start)).type == "RuntimeError"


def test_the_end_of_a_task_is_no_root() -> None:
    async def wait() -> None:
        await asyncio.wait_for(asyncio.sleep(5), 0.001)

    assert find_root(failure_of(lambda: asyncio.run(wait()))).type == "TimeoutError"


def test_members_that_say_the_same_are_one_root() -> None:
    def fail() -> None:
        raise ExceptionGroup("tasks", [ValueError("bad"), ExceptionGroup("more", [ValueError("bad")])])

    root = find_root(failure_of(fail))

    assert (root.type, root.message) == ("ValueError", "bad")


def test_members_that_differ_are_told_together_in_any_order() -> None:
    def fail(*errors: Exception) -> None:
        raise ExceptionGroup("tasks", list(errors))

    first = find_root(failure_of(lambda: fail(ValueError("bad"), KeyError("id"))))
    second = find_root(failure_of(lambda: fail(KeyError("id"), ValueError("bad"))))

    assert (first.type, first.message) == ("ExceptionGroup", "KeyError: 'id'; ValueError: bad")
    assert first.message == second.message


def test_the_driver_is_the_root_of_what_sqlalchemy_wraps() -> None:
    def query() -> None:
        with contextlib.closing(sa.create_engine("sqlite://").connect()) as connection:
            connection.execute(sa.text("SELECT * FROM nowhere"))

    root = find_root(failure_of(query))

    assert (root.qualified, root.message) == ("sqlite3.OperationalError", "no such table: nowhere")


def test_a_wrapped_message_without_a_chain_gives_the_same_root() -> None:
    text = "(sqlite3.OperationalError) no such table: nowhere\n[SQL: SELECT * FROM nowhere]"

    root = find_root(failure_with(text, "sqlalchemy.exc.OperationalError"))

    assert (root.qualified, root.message) == ("sqlite3.OperationalError", "no such table: nowhere")


@pytest.fixture
def broken_base() -> Iterator[type[DeclarativeBase]]:
    class Broken(DeclarativeBase):
        pass

    class Post(Broken):
        __tablename__ = "posts"
        id: Mapped[int] = mapped_column(primary_key=True)
        author = relationship("Nobody")

    yield Broken
    Broken.registry.dispose()


def test_sqlalchemys_own_explanation_is_the_root_and_not_the_name_error_beneath(
    broken_base: type[DeclarativeBase],
) -> None:
    first = find_root(failure_of(broken_base.registry.configure))
    second = find_root(failure_of(broken_base.registry.configure))

    assert first.type == "InvalidRequestError"
    assert first.message.startswith("When initializing mapper")
    assert first.first_hand
    assert (second.type, second.message) == (first.type, first.message)
    assert not second.first_hand


def test_the_deepest_own_and_test_frames_are_found() -> None:
    frames = (
        in_test("tests/test_a.py", 3, "test_a"),
        own("app/service.py", 10, "place"),
        own("app/risk.py", 20, "check"),
    )

    root = find_root(failure_with("'limit'", "KeyError", frames=frames))

    assert root.own == frames[2]
    assert root.test == frames[0]
