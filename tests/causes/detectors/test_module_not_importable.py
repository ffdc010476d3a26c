"""A module of the target that fails while it is imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import investigated, places, told_of
from tests.causes.scenes import causes_of, finding, inventory, result, suite
from tests.failures.live import failure_with, in_test, own

TEST = in_test("tests/test_a.py", 1, "<module>", "import shop.api")


def test_the_module_that_fails_first_is_named_with_what_waits_for_it() -> None:
    frames = (
        TEST,
        own("shop/api.py", 2, "<module>", "import shop.settings"),
        own("shop/settings.py", 9, "<module>", "int('x')"),
    )
    failure = failure_with("invalid literal for int()", "ValueError", phase="collect", frames=frames)
    (cause,) = causes_of(suite([], test_a=failure))
    assert cause.kind == "module-not-importable"
    assert cause.title == "shop.settings cannot be imported: ValueError: invalid literal for int()"
    assert [str(place) for place in cause.locations] == ["shop/settings.py:9"]
    assert "shop.api waits for it" in [item.text for item in cause.evidence]


def test_a_function_that_fails_later_is_not_an_import() -> None:
    failure = failure_with("boom", "ValueError", frames=(TEST, own("shop/api.py", 2, "handle", "raise")))
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "module-not-importable"


CLASS = {"shop/parts.py": "class Part(Base):\n    id = 1\n    name = column(1, insert_default=2)\n\n\nMADE = Part()\n"}


@pytest.mark.parametrize(
    ("line", "function", "kind"),
    [(1, "Part", "module-not-importable"), (6, "Part", "failure-group"), (1, "name", "failure-group")],
    ids=["the body of the class", "its call", "a function"],
)
def test_a_line_of_a_class_body_is_one_of_its_module(tmp_path: Path, line: int, function: str, kind: str) -> None:
    frames = (TEST, own("shop/parts.py", line, "<module>"), own("shop/parts.py", 3, function))
    failures = [failure_with("not both", "ValueError", phase=phase, frames=frames) for phase in ("collect", "call")]
    facts = suite([result("tests/test_b.py::test_b", failures[1])], failures[1:], test_a=failures[0])

    causes = told_of(tmp_path, CLASS, facts)

    assert {cause.kind for cause in causes} == {kind}
    if kind == "module-not-importable":
        assert [(one.tests_blocked, one.uncollectable, places(one)) for one in causes] == [
            (1, ("tests/test_a.py",), ["shop/parts.py:3"])
        ]


def test_a_finding_that_no_test_has_met_waits() -> None:
    found = finding("module-not-importable", "shop.legacy", "shop/legacy.py:3")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a")]), inventory(findings=[found]))
    assert (cause.id, cause.tests) == (found.id, ())
    assert str(cause.next_step).endswith("kit investigate PATH")


ITEM = """
    class Item(Base):
        __tablename__ = "items"
        kind = column(str)
        __mapper_args__ = {"polymorphic_on": "type"}

        def shown(self, type):
            return type
    """


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("Can't determine polymorphic_on value 'type'", ["shop/items.py:4", "shop/items.py:1"]),
        ("Can't use 'kind' or 'type' here", ["shop/items.py:1"]),  # two lines of the class: neither is named
        ("Can't use 'something' here", ["shop/items.py:1"]),
    ],
)
def test_the_line_of_a_class_that_holds_the_quoted_word_is_named_in_front(
    tmp_path: Path, said: str, first: list[str]
) -> None:
    frames = (TEST, own("shop/items.py", 1, "<module>", "class Item(Base):"))
    failure = failure_with(said, "ArgumentError", phase="collect", frames=frames)

    (cause, *_) = told_of(tmp_path, {"shop/items.py": ITEM}, suite([], test_a=failure))

    assert places(cause) == first


@pytest.mark.slow
def test_a_variable_that_a_module_below_conftest_lacks_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    files = {
        "shop/rates.py": "import os\n\nREGION = os.environ['SHOP_REGION_OF_RATES']\n",
        "tests/conftest.py": "import shop.rates\n",
        "tests/test_rates.py": "def test_rates():\n    pass\n",
    }

    (cause,), _ = investigated(tmp_path, files)

    assert cause.kind == "module-not-importable"
    assert places(cause) == ["shop/rates.py:3"]
