"""An answer that its model refuses is told by field, view and what was given; two fields are two causes."""

from __future__ import annotations

from pathlib import Path

from kit.facts.causes import Cause
from tests.causes.apps import places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test

FILES = {
    "shop/schemas.py": """
        from pydantic import BaseModel

        class WriterOut(BaseModel):
            name: str

        class WithId(BaseModel):
            id: int

        class BookOut(WithId):
            left: int
            writer: WriterOut

        class Page(BaseModel):
            items: list[BookOut]
        """,
    "shop/models.py": """
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
        from sqlalchemy import ForeignKey

        class Base(DeclarativeBase): ...

        class Writer(Base):
            __tablename__ = "writers"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
            writer_id: Mapped[int] = mapped_column(ForeignKey("writers.id"))
            writer: Mapped[Writer] = relationship()

            @property
            def left(self):
                return None
        """,
    "shop/app.py": """
        from fastapi import FastAPI
        from shop.schemas import BookOut, Page
        from shop.store import all_books, one_book

        app = FastAPI()

        @app.get("/books", response_model=Page)
        async def books(session):
            return {"items": await all_books(session)}

        @app.get("/book/{number}")
        async def book(session, number: int) -> BookOut:
            return await one_book(session, number)
        """,
    "shop/store.py": """
        from sqlalchemy import select
        from sqlalchemy.orm import selectinload
        from shop.models import Book

        async def all_books(session):
            return (await session.scalars(select(Book).options(selectinload(Book.writer)))).all()

        async def one_book(session, number):
            return await session.get(Book, number)
        """,
}


def _causes(folder: Path, *said: str) -> tuple[Cause, ...]:
    failures = [
        failure_with(one, "fastapi.exceptions.ResponseValidationError", frames=(in_test("tests/test_a.py", n, "test"),))
        for n, one in enumerate(said, start=1)
    ]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]
    return told_of(folder, FILES, suite(results, failures))


def _said(kind: str, loc: str, text: str, given: str, line: int, function: str) -> str:
    error = f"{{'type': '{kind}', 'loc': ('response', {loc}), 'msg': '{text}', 'input': {given}}}"
    return f'1 validation error:\n  {error}\n\n  File "shop/app.py", line {line}, in {function}\n    GET /x'


WRONG = _said("int_type", "'items', 0, 'left'", "Input should be a valid integer", "None", 7, "books")
ALONE = _said("int_type", "'left'", "Input should be a valid integer", "None", 11, "book")
LAZY = _said(
    "get_attribute_error",
    "'writer'",
    "Error extracting attribute: MissingGreenlet: greenlet_spawn has not been called",
    "<shop.models.Book object at 0x7f>",
    11,
    "book",
)


def test_a_wrong_value_leads_to_what_gives_it_then_to_the_field_and_the_view(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, WRONG, ALONE)

    assert cause.kind == "response-refused"
    assert "Input should be a valid integer" in cause.title
    assert places(cause)[:2] == ["shop/models.py:18", "shop/schemas.py:10"]
    assert any(place.startswith("shop/app.py:") for place in places(cause)[:3])
    assert cause.tests_blocked == 2


def test_a_relationship_that_is_not_loaded_leads_to_the_query_that_the_view_calls(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, LAZY)

    assert cause.title == "book answers with Book.writer, which its query has not loaded"
    assert places(cause)[:3] == ["shop/store.py:9", "shop/schemas.py:11", "shop/app.py:11"]


def test_a_field_of_a_base_is_found_and_two_fields_are_two_causes(tmp_path: Path) -> None:
    missing = _said("missing", "'items', 0, 'id'", "Field required", "{}", 7, "books")
    causes = _causes(tmp_path, missing, WRONG)

    assert {places(cause)[0] for cause in causes} == {"shop/schemas.py:7", "shop/models.py:18"}


def test_a_message_without_a_view_is_left_to_others(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, "1 validation error:\n  {'type': 'missing', 'loc': ('query', 'a'), 'msg': 'x'}")

    assert cause.kind == "failure-group"
