"""Causes that are one defect, seen in two ways, are one cause that says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.execution import ExecutedFunction, Execution, FailingTests, TestLines
from kit.facts.failures import Failure
from kit.facts.suite import CollectedTest, SuiteFacts
from kit.failures import group_failures
from kit.inventory import Declarations, Inventory
from kit.target import find_target
from tests.causes.apps import investigated, places, told, told_of
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own, with_id
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

TWO_METADATA = """
    from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table
    from sqlalchemy.orm import declarative_base, relationship
    Base = declarative_base()
    other = MetaData()
    basket_item = Table("basket_item", other, Column("basket_id", ForeignKey("basket.id")))
    class Item(Base):
        __tablename__ = "item"
        id = Column(Integer, primary_key=True)
    class Basket(Base):
        __tablename__ = "basket"
        id = Column(Integer, primary_key=True)
        items = relationship("Item", secondary="basket_item")
"""

GONE = "'NoneType' object has no attribute 'rate'"
AT_ASK = own("app/price.py", 3, "ask")
IN_TEST = failure_with(GONE, "AttributeError", frames=(AT_ASK,))
IN_FIXTURE = failure_with(GONE, "AttributeError", phase="setup", frames=(AT_ASK,), fixture="prices")
ASSERTED = failure_with("", "AssertionError", phase="setup")


def only(causes: tuple[Cause, ...]) -> Cause:
    (cause,) = causes
    return cause


def test_one_error_at_one_line_is_one_cause_whatever_phase_it_stopped() -> None:
    facts = suite(
        [*(result(f"t.py::a{n}", IN_TEST) for n in range(3)), result("t.py::b", IN_FIXTURE)], [IN_TEST, IN_FIXTURE]
    )

    cause = only(causes_of(facts))

    assert (cause.tests_blocked, cause.first_hand, len(cause.groups)) == (4, 4, 2)
    assert [str(place) for place in cause.locations] == ["app/price.py:3"]
    assert "raised at app/price.py:3, with one message" in told(cause)


@pytest.mark.parametrize(
    "other",
    [
        failure_with(GONE, "AttributeError", phase="setup", frames=(own("app/price.py", 4, "ask"),)),
        failure_with("'NoneType' object has no attribute 'zone'", "AttributeError", frames=(AT_ASK,)),
        failure_with(GONE, "app.PriceError", frames=(AT_ASK,)),
    ],
    ids=["line", "message", "type"],
)
def test_another_line_message_or_type_is_another_cause(other: Failure) -> None:
    facts = suite([result("t.py::a", IN_TEST), result("t.py::b", other)], [IN_TEST, other])

    assert len(causes_of(facts)) == 2


@pytest.mark.parametrize(("classes", "causes"), [(5, 1), (4, 4)])
def test_what_one_line_says_of_many_classes_is_one_cause(classes: int, causes: int) -> None:
    said = "Class <class 'test_models.test_{}.<locals>.User'> does not have a __table__ or __tablename__ specified."
    exception = "sqlalchemy.exc.InvalidRequestError"
    at = own("app/models.py", 7, "__init__", "super().__init__(name, bases, namespace)")
    failures = [failure_with(said.format(name), exception, frames=(at,)) for name in "vwxyz"[:classes]]
    elsewhere = failure_with(said.format("b"), exception, frames=(own("app/models.py", 9, "make"),))
    other = failure_with("Class <class 'app.User'> already has been instrumented", exception, frames=(at,))

    every = [*failures, elsewhere, other]
    found = causes_of(suite([result(f"t.py::test_{number}", one) for number, one in enumerate(every)], every))

    assert len(found) == causes + 2
    assert found[0].tests_blocked == classes - causes + 1
    assert [str(place) for place in found[0].locations] == ["app/models.py:7"]


def test_what_pytest_asserts_once_a_fixture_has_failed_belongs_to_the_failure_of_that_fixture() -> None:
    facts = suite(
        [
            result("t.py::a", IN_FIXTURE),
            *(result(f"t.py::b{n}", ASSERTED) for n in range(5)),
            result("t.py::c", ASSERTED, alone="passes_alone"),
        ],
        [IN_FIXTURE, ASSERTED],
    )

    cause = only(causes_of(facts))

    assert str(cause.locations[0]) == "app/price.py:3"
    assert (cause.tests_blocked, cause.first_hand) == (7, 1)
    assert "pytest asserts in each set-up" in told(cause)


def test_tests_of_other_files_belong_to_it_if_they_ask_for_that_fixture() -> None:
    facts = suite([result("t.py::a", IN_FIXTURE), result("u.py::b", ASSERTED)], [IN_FIXTURE, ASSERTED])

    assert len(causes_of(facts)) == 2
    assert len(causes_of(asking(facts, "prices"))) == 1


def asking(facts: SuiteFacts, fixture: str) -> SuiteFacts:
    return replace(facts, tests=tuple(CollectedTest(one.nodeid, one.path, fixtures=(fixture,)) for one in facts.tests))


def test_where_two_fixtures_failed_nothing_is_guessed() -> None:
    other = failure_with("no such table: x", "sqlite3.OperationalError", phase="setup", fixture="db")
    facts = suite(
        [result("t.py::a", IN_FIXTURE), result("t.py::b", other), result("t.py::c", ASSERTED)],
        [IN_FIXTURE, other, ASSERTED],
    )

    assert len(causes_of(facts)) == 3


def test_a_table_that_neither_a_foreign_key_nor_relationships_find_is_one_defect(tmp_path: Path) -> None:
    target = find_target(write_project(tmp_path / "app", {"models.py": TWO_METADATA}))
    key = failure_with(
        "Foreign key associated with column 'basket_item.basket_id' could not find table 'basket' with which to "
        "generate a foreign key to target column 'id'",
        "sqlalchemy.exc.NoReferencedTableError",
        phase="setup",
        fixture="db",
    )
    relation = failure_with(
        "When initializing mapper Mapper[Basket(basket)], expression 'basket_item' failed to locate a name "
        "('basket_item')",
        "sqlalchemy.exc.InvalidRequestError",
    )
    facts = suite([result("t.py::a", key), result("t.py::b", relation)], [key, relation])

    cause = only(
        find_causes(
            Inventory.of(target, runtime=False).facts,
            replace(facts, loaded_modules={"models": "models.py"}),
            group_failures(facts),
            source=lambda: Declarations.of(target),
        )
    )

    assert (cause.kind, cause.tests_blocked) == ("foreign-key", 2)
    assert "in another MetaData" in cause.title
    assert 'The table "basket_item" is not found by relationships either' in told(cause)


WITHOUT_KEY = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
    class Base(DeclarativeBase): ...
    class Author(Base):
        __tablename__ = "authors"
        id: Mapped[int] = mapped_column(primary_key=True)
        books: Mapped[list["Book"]] = relationship(back_populates="author")
    class Book(Base):
        __tablename__ = "books"
        id: Mapped[int] = mapped_column(primary_key=True)
        author_id: Mapped[int] = mapped_column()
        author: Mapped[Author] = relationship(back_populates="books")
"""


@pytest.mark.slow
def test_both_sides_of_a_relationship_without_a_foreign_key_are_one_defect_at_its_column(tmp_path: Path) -> None:
    target = find_target(write_project(tmp_path / "shop", {"models.py": WITHOUT_KEY}))
    facts = Inventory.of(target).facts
    message = "Could not determine join condition between parent/child tables on relationship Author.books - there are"
    failure = failure_with(message, "sqlalchemy.exc.NoForeignKeysError")
    found = suite([result("tests/test_a.py::test_a", failure)], [failure])

    cause = only(find_causes(facts, found, group_failures(found), source=lambda: Declarations.of(target)))

    assert (cause.kind, cause.tests_blocked) == ("broken-relationship", 1)
    assert [str(place) for place in cause.locations][:2] == ["models.py:10", "models.py:6"]
    assert "It is the other side of one relationship" in told(cause)


SHAPES = """
    class Square:
        {square}

    class Circle:
        {circle}

    def draw(shape):
        return shape.{used}
    """
DRAWING = """
    from shop.shapes import Circle, Square, draw

    def test_square():
        draw(Square())

    def test_circle():
        draw(Circle())
    """


@pytest.mark.slow
def test_an_attribute_that_nothing_else_names_is_lacking_for_one_reason(tmp_path: Path) -> None:
    misspelt = SHAPES.format(square="corner_count = 4", circle="corner_count = 0", used="edges")
    causes, _ = investigated(tmp_path / "one", {"shop/shapes.py": misspelt, "tests/test_a.py": DRAWING})
    assert only(causes).tests_blocked == 2
    assert "raised at shop/shapes.py:8, and nothing else names the attribute" in told(only(causes))

    each_lacks_it = misspelt + "\n    class Line:\n        edges = 1\n"
    causes, _ = investigated(tmp_path / "two", {"shop/shapes.py": each_lacks_it, "tests/test_a.py": DRAWING})
    assert [cause.tests_blocked for cause in causes] == [1, 1], "each class may have lost it by itself"


TYPES = """
    TYPES = {{int: "number", str: "text"}}

    def field(kind):
        for one in kind.__mro__:
            if {condition}:
                return TYPES[one]
        return "any"

    def refused(kind):
        raise KeyError(kind)

    def width(kind):
        return 1 if kind is int else refused(kind)
    """
OF_TYPES = """
    from shop.types import field, width

    def test_number(): assert field(int) == "number"
    def test_text(): assert field(str) == "text"
    def test_any(): assert field(list) == "any"
    def test_width(): assert width(int) == 1
    def test_width_of_text(): assert width(str) == 2
    def test_width_of_list(): assert width(list) == 3
    def test_again(): assert width(int) == 1
    def test_once_more(): assert width(int) == 1
    """


@pytest.mark.slow
def test_an_error_of_python_in_a_function_that_no_passing_test_executes_is_one_cause(tmp_path: Path) -> None:
    def blocked(name: str, condition: str) -> list[int]:
        files = {"shop/types.py": TYPES.format(condition=condition), "tests/test_types.py": OF_TYPES}
        causes, _ = investigated(tmp_path / name, files, records=True)
        return [cause.tests_blocked for cause in causes if places(cause)[0] in ("shop/types.py:6", "shop/types.py:5")]

    assert blocked("negated", "one not in TYPES") == [3]
    assert blocked("partly", "one in TYPES or one is list") == [1], "that function answers passing tests"


@pytest.mark.slow
def test_errors_that_a_function_raises_on_purpose_stay_apart(tmp_path: Path) -> None:
    files = {"shop/types.py": TYPES.format(condition="one in TYPES"), "tests/test_types.py": OF_TYPES}
    causes, _ = investigated(tmp_path, files, records=True)

    assert [cause.tests_blocked for cause in causes] == [1, 1]


BINDS = """
    class Unbound(Exception): pass

    def engines():
        return LIMITS["size"]

    def engine(key):
        try:
            return {used}[key]
        except {caught}:
            raise Unbound("no such engine") from None

    LIMITS = {{}}
    """
OF_BINDS = """
    import pytest
    from shop.binds import engine, engines

    def test_all(): assert engines() == 1
    def test_a(): assert engine("a") == 1
    def test_b(): assert engine("b") == 1
    """


@pytest.mark.slow
def test_an_error_in_place_of_a_caught_one_that_other_tests_show_is_one_defect_with_it(tmp_path: Path) -> None:
    def first(name: str, caught: str, used: str = "engines()") -> list[tuple[str, int]]:
        binds = BINDS.format(caught=caught, used=used)
        files = {"shop/binds.py": binds, "tests/test_binds.py": OF_BINDS}
        causes, _ = investigated(tmp_path / name, files, records=True)
        return sorted((places(cause)[0], cause.tests_blocked) for cause in causes)

    assert first("key", "KeyError") == [("shop/binds.py:4", 3)]
    assert first("lookup", "(OSError, LookupError)") == [("shop/binds.py:4", 3)]
    assert first("elsewhere", "KeyError", "{}") == [("shop/binds.py:10", 2), ("shop/binds.py:4", 1)], "nothing calls it"


@pytest.mark.slow
def test_a_name_of_python_that_stands_for_a_renamed_column_leads_to_that_column(tmp_path: Path) -> None:
    test = """
        import sqlalchemy as sa
        from shop.base import Base

        def test_inherited():
            class User(Base):
                __tablename__ = "user"
                id = sa.Column(sa.Integer, primary_key=True)
                type_text = sa.Column(sa.String)
                __mapper_args__ = {"polymorphic_on": type, "polymorphic_identity": "user"}
        """
    base = """
        from sqlalchemy.orm import declarative_base
        class Meta:
            def __init_subclass__(cls, **options):
                super().__init_subclass__(**options)
        Base = declarative_base(cls=Meta)
        """
    (cause,), _ = investigated(tmp_path, {"shop/base.py": base, "tests/test_users.py": test})

    assert {"tests/test_users.py:8", "tests/test_users.py:9"} <= set(places(cause)[:3])


@pytest.mark.parametrize(
    ("other", "causes"), [("from shop.rates import rate, tax", 1), ("from shop.fees import fee", 2)]
)
def test_imports_of_one_module_that_does_not_exist_are_one_cause_that_names_the_like_one(
    tmp_path: Path, other: str, causes: int
) -> None:
    files = {
        "shop/rates_v2.py": "def rate(): ...\ndef tax(): ...\ndef fee(): ...\n",
        "shop/bills.py": "from shop.rates import rate\n",
        "tests/test_a.py": "import shop.bills\n",
        "tests/test_b.py": f"{other}\n",
    }
    import_of = failure_with(
        "No module named 'shop.rates'",
        "ModuleNotFoundError",
        phase="collect",
        frames=(in_test("tests/test_a.py", 1, "<module>"), own("shop/bills.py", 1, "<module>")),
    )
    own_import = failure_with(
        f"No module named '{other.split()[1]}'",
        "ModuleNotFoundError",
        phase="collect",
        frames=(in_test("tests/test_b.py", 1, "<module>"),),
    )

    found = told_of(tmp_path, files, suite([], test_a=import_of, test_b=own_import))

    assert len(found) == causes
    assert {cause.kind for cause in found} == {"unresolved-import"}
    if causes == 1:
        assert set(found[0].uncollectable) == {"tests/test_a.py", "tests/test_b.py"}
        assert places(found[0]) == ["shop/bills.py:1", "shop/rates_v2.py:1", "tests/test_b.py:1"]


SERVER = """
    def serve(rates, answers):
        rate = rates.low
        answers.append(rate)


    def handle(rates, answers):
        serve(rates, answers)
"""
STOPPED = failure_with(
    "'Rates' object has no attribute 'low'", "AttributeError", frames=(own("shop/web.py", 2, "serve"),)
)
ANSWERED = failure_with("assert 500 == 200", frames=(in_test("tests/test_web.py", 4, "test_b"),))


def _served(
    folder: Path, *, passing: int, lines: tuple[TestLines, ...] = (), failing: int = 1, shown: int = 1
) -> tuple[Cause, ...]:
    """``shown`` tests show the error, another one a wrong answer; ``passing`` tests and that one run the function."""
    executed = FailingTests(1, ((0, 1),))
    execution = Execution(
        (ExecutedFunction("shop/web.py", 1, "serve", passing),),
        10,
        {
            STOPPED.id: FailingTests(shown, ((0, shown),)),
            ANSWERED.id: executed if failing else FailingTests(1),
        },
        lines,
    )
    facts = suite(
        [
            *(result(f"tests/test_web.py::test_a{number}", STOPPED) for number in range(shown)),
            result("tests/test_web.py::test_b", ANSWERED),
        ],
        [STOPPED, ANSWERED],
    )
    files = {"shop/web.py": SERVER, "tests/test_web.py": ""}
    return told_of(folder, files, replace(facts, execution=execution))


def _ran(*lines: int, failure: str = "") -> TestLines:
    return TestLines(failure, {"shop/web.py": lines})


STOPS, GOES_ON = _ran(2, failure=ANSWERED.id), _ran(2, 3, failure=ANSWERED.id)


def test_what_tests_show_that_a_swallowed_error_stopped_belongs_to_the_tests_that_show_the_error(
    tmp_path: Path,
) -> None:
    cause = only(_served(tmp_path, passing=0))

    assert (places(cause)[0], cause.tests_blocked) == ("shop/web.py:2", 2)
    assert "All of these tests execute serve, and none gets past shop/web.py:2" in told(cause)


@pytest.mark.parametrize(
    ("lines", "causes"),
    [((STOPS, _ran(2, 3)), 1), ((STOPS, _ran(2)), 2), ((GOES_ON, _ran(2, 3)), 2), ((STOPS,), 2), ((), 2)],
    ids=["only failing ones stop", "passing ones stop too", "failing ones go on", "no passing one", "none was watched"],
)
def test_where_passing_tests_execute_the_function_too_the_lines_decide(
    tmp_path: Path, lines: tuple[TestLines, ...], causes: int
) -> None:
    assert len(_served(tmp_path, passing=3, lines=lines)) == causes


@pytest.mark.parametrize(
    ("passing", "lines", "causes"),
    [
        (2, (STOPS, _ran(2)), 1),
        (2, (STOPS,), 1),
        (2, (STOPS, _ran(2), _ran(2, 3)), 2),
        (2, (GOES_ON,), 2),
        (2, (), 2),
        (8, (STOPS, _ran(2)), 2),
    ],
    ids=[
        "passing ones stop too",
        "no passing one",
        "one goes on",
        "failing ones go on",
        "none was watched",
        "many pass",
    ],
)
def test_a_line_that_no_test_gets_past_stops_passing_ones_too_where_these_are_few(
    tmp_path: Path, passing: int, lines: tuple[TestLines, ...], causes: int
) -> None:
    found = _served(tmp_path, passing=passing, lines=lines, shown=19)

    assert len(found) == causes
    assert found[0].tests_blocked == (20 if causes == 1 else 19)


def test_a_test_that_does_not_come_to_the_error_has_another_cause(tmp_path: Path) -> None:
    assert len(_served(tmp_path, passing=0, failing=0)) == 2


@pytest.mark.parametrize(("beside", "causes"), [(STOPPED, 1), (IN_TEST, 2)], ids=["the same error", "another one"])
def test_an_error_that_stands_in_the_traceback_of_another_one_explains_both(beside: Failure, causes: int) -> None:
    closed = failure_with("the server has gone", "app.Gone", frames=(in_test("t.py", 4, "b"),))
    both = with_id(replace(closed, chain=(*closed.chain, replace(beside.chain[0], relation="context", frames=()))))
    facts = suite([result("t.py::a", STOPPED), result("t.py::b", both)], [STOPPED, both])

    assert len(causes_of(facts)) == causes


LISTENING = """
    def accept(rates):
        return rates


    def serve(rates):
        return rates.low


    def listen(rates):
        return rates.low + 1
"""


def test_each_failure_that_one_of_several_lines_stops_belongs_to_their_cause_and_no_other_one(tmp_path: Path) -> None:
    lacks, test = "'Rates' object has no attribute 'low'", "tests/test_web.py"
    shown = [failure_with(lacks, "AttributeError", frames=(own("shop/web.py", line, "it"),)) for line in (6, 10)]
    swallowed = [
        failure_with("the other side has gone", "wire.Gone", frames=(in_test(test, line, f"test_{line}"),))
        for line in (4, 8)
    ]
    other = failure_with("this is refused", "wire.Refused", frames=(in_test(test, 12, "test_12"),))
    failures = [*shown, *swallowed, other]
    ran = [(1,), (2,), (0, 1), (0, 2), (0,)]
    functions = (
        ExecutedFunction("shop/web.py", 1, "accept", 1),
        ExecutedFunction("shop/web.py", 5, "serve"),
        ExecutedFunction("shop/web.py", 9, "listen"),
    )
    failing = {
        failure.id: FailingTests(1, tuple((number, 1) for number in numbers))
        for failure, numbers in zip(failures, ran, strict=True)
    }
    facts = suite([result(f"{test}::test_{n}", failure) for n, failure in enumerate(failures)], failures)
    files = {"shop/web.py": LISTENING, "shop/rates.py": "class Rates:\n    high = 1\n", test: ""}

    lacking, refused = told_of(tmp_path, files, replace(facts, execution=Execution(functions, 10, failing)))

    assert (lacking.kind, lacking.tests_blocked, refused.tests_blocked) == ("attribute-absent", 4, 1)
    assert "execute serve or listen, and none gets past shop/web.py:6 or shop/web.py:10" in told(lacking)
