"""What the second import of a half-imported module says belongs to the cause of the first."""

from __future__ import annotations

from kit.facts.failures import Failure, Frame
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own

DEFINED = "Table 'stand' is already defined for this MetaData instance.  Specify 'extend_existing=True' to redefine"
RESERVED = "Attribute name 'metadata' is reserved when using the Declarative API."


def _importing(
    message: str, *lines: int, kind: str = "sqlalchemy.exc.InvalidRequestError", within: str = ""
) -> Failure:
    """A failure of a test that imports ``hall/seats.py``, broken off at the last line."""
    frames: list[Frame] = [in_test("tests/test_seats.py", 6, "test_seat", "from hall.seats import Seat")]
    frames += [own("hall/seats.py", line, "<module>", "class …") for line in lines]
    if within:
        frames.append(own(within, 3, "<module>", "import missing"))
    return failure_with(message, kind, frames=tuple(frames))


def _suite(first: Failure, second: Failure, *, tests: int = 5) -> object:
    results = [result("tests/test_seats.py::test_seat[0]", first)]
    results += [result(f"tests/test_seats.py::test_seat[{n}]", second) for n in range(1, tests)]
    return causes_of(suite(results, [first, second]))


def test_an_already_defined_table_belongs_to_what_broke_the_first_import() -> None:
    (cause,) = _suite(_importing(RESERVED, 12), _importing(DEFINED, 7))  # type: ignore[misc]
    assert (cause.tests_blocked, cause.first_hand) == (5, 1)
    assert "hall/seats.py:12" in [str(place) for place in cause.locations]
    assert any("the next one breaks off at hall/seats.py:7" in item.text for item in cause.evidence)


def test_the_first_import_may_break_off_in_what_the_module_imports() -> None:
    first = _importing("setting A is not allowed", 12, kind="ValueError", within="hall/rows.py")
    (cause,) = _suite(first, _importing(DEFINED, 7))  # type: ignore[misc]
    assert cause.tests_blocked == 5
    assert "hall/rows.py:3" in [str(place) for place in cause.locations]


def test_other_libraries_say_it_in_their_own_words() -> None:
    for message in (
        "Duplicated timeseries in CollectorRegistry: {'seats_total'}",
        "View function mapping is overwriting an existing endpoint function: seats",
        "the converter 'seat' is already registered",
        "argument --seat: conflicting option string: --seat",
        "task 'seat' exists",
        "The setup method 'route' can no longer be called on the blueprint 'seats'.",
        "option --seat is defined more than once",
    ):
        (cause,) = _suite(_importing(RESERVED, 12), _importing(message, 7, kind="ValueError"))  # type: ignore[misc]
        assert cause.tests_blocked == 5, message


def test_a_table_defined_twice_further_on_is_a_cause_of_its_own() -> None:
    causes = _suite(_importing(RESERVED, 7), _importing(DEFINED, 12))
    assert sorted(cause.tests_blocked for cause in causes) == [1, 4]  # type: ignore[attr-defined]


def test_another_error_above_the_broken_line_is_no_echo() -> None:
    causes = _suite(_importing(RESERVED, 12), _importing("name 'Base' is not defined", 7, kind="NameError"))
    texts = [item.text for cause in causes for item in cause.evidence]  # type: ignore[attr-defined]
    assert not any("the next one breaks off" in text for text in texts)


def test_files_that_cannot_be_collected_echo_too() -> None:
    facts = suite([], test_a=_importing(RESERVED, 12), test_b=_importing(DEFINED, 7), test_c=_importing(DEFINED, 7))
    (cause,) = causes_of(facts)
    assert cause.uncollectable == ("tests/test_a.py", "tests/test_b.py", "tests/test_c.py")
