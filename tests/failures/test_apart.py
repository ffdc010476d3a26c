"""Equal messages of two functions that raise them, of two applications, or of two modules that lack a name, are two
groups.
"""

from __future__ import annotations

import pytest

from kit.facts.failures import Frame
from kit.failures import group_failures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, in_test, own

TEST = in_test("tests/test_a.py", 3, "test_a")
LIBRARY = Frame("/env/site-packages/orm/session.py", 9, "get", "library", "raise NoRow()")
UNKNOWN = "name 'price' is not defined"
UNBOUND = "cannot access local variable 'price' where it is not associated with a value"
LACKS = "'Page' object has no attribute 'title'"


@pytest.mark.parametrize(
    ("said", "one", "other", "groups"),
    [
        (
            "rate 1 is unknown",
            own("shop/rates.py", 4, "buy", "raise E()"),
            own("shop/rates.py", 9, "sell", "raise E()"),
            2,
        ),
        (
            "rate 1 is unknown",
            own("shop/rates.py", 4, "buy", "raise E()"),
            own("shop/rates.py", 6, "buy", "raise E()"),
            1,
        ),
        ("rate 1 is unknown", own("shop/rates.py", 4, "buy", "price()"), own("shop/rates.py", 9, "sell", "price()"), 1),
        (LACKS, own("left/pages.py", 4, "show"), own("right/pages.py", 4, "show"), 2),
        (LACKS, own("src/left/pages.py", 4, "show"), own("src/right/pages.py", 4, "show"), 2),
        (LACKS, own("shop/web/pages.py", 4, "show"), own("shop/mail/pages.py", 4, "show"), 1),
        (UNKNOWN, own("shop/a.py", 4, "<module>"), own("shop/b.py", 4, "<module>"), 2),
        (UNKNOWN, own("shop/a.py", 4, "<module>"), own("shop/a.py", 9, "show"), 1),
        (UNKNOWN, in_test("tests/test_a.py", 4, "test_a"), in_test("tests/test_b.py", 4, "test_b"), 2),
        (UNBOUND, own("shop/a.py", 4, "show"), own("shop/a.py", 9, "hide"), 2),
        (UNBOUND, own("shop/a.py", 4, "show"), own("shop/a.py", 6, "show"), 1),
        ("local variable 'a' referenced before assignment", own("shop/a.py", 4, "f"), own("shop/b.py", 4, "f"), 2),
    ],
)
def test_equal_messages_are_kept_apart_where_the_source_does(said: str, one: Frame, other: Frame, groups: int) -> None:
    failures = [failure_with(said, "ValueError", frames=(TEST, frame)) for frame in (one, other)]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]

    assert len(group_failures(suite(results, failures)).groups) == groups


def test_a_name_that_a_library_looks_for_is_one_group_wherever_it_is_called() -> None:
    callers = [own("shop/a.py", 4, "f", "hints()"), own("shop/b.py", 4, "g", "hints()")]
    failures = [failure_with(UNKNOWN, "NameError", frames=(TEST, frame, LIBRARY)) for frame in callers]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]

    assert len(group_failures(suite(results, failures)).groups) == 1


def test_what_a_library_raises_is_one_group_wherever_it_is_called() -> None:
    callers = [own("shop/a.py", 4, "f", "raise_it()"), own("shop/b.py", 4, "g", "raise_it()")]
    failures = [failure_with("no row was found", "orm.NoRow", frames=(TEST, frame, LIBRARY)) for frame in callers]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]

    assert len(group_failures(suite(results, failures)).groups) == 1
