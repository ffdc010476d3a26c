"""A function that is called with other arguments than it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.inventory import InventoryFacts
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

FILES = {
    "pyproject.toml": PYPROJECT,
    "shop/prices.py": "class Price:\n    def quote(self, size): ...\n\n\ndef load(key): ...\n",
}


def _kinds(folder: Path, *messages: str, kind: str = "TypeError") -> list[tuple[str, str]]:
    target = find_target(write_project(folder / "shop", FILES))
    frames = (own("shop/api.py", 9, "show", "load()"),)
    failures = [failure_with(message, kind, frames=frames) for message in messages]
    facts = suite([result(f"tests/test_{n}.py::test_a", one) for n, one in enumerate(failures)], failures)
    causes = find_causes(InventoryFacts(1), facts, group_failures(facts), source=lambda: Declarations.of(target))
    return [(cause.kind, str(cause.locations[0])) for cause in causes]


def test_the_definition_stands_first_for_functions_and_methods(tmp_path: Path) -> None:
    messages = (
        "load() missing 1 required positional argument: 'key'",
        "Price.quote() got an unexpected keyword argument 'n'",
    )
    assert set(_kinds(tmp_path, *messages)) == {("wrong-call", "shop/prices.py:5"), ("wrong-call", "shop/prices.py:2")}


def test_a_function_of_a_library_is_not_the_targets(tmp_path: Path) -> None:
    ((kind, _),) = _kinds(tmp_path, "dumps() missing 1 required positional argument: 'obj'")
    assert kind == "failure-group"


def test_another_type_of_error_with_such_words_is_not_taken_for_it(tmp_path: Path) -> None:
    ((kind, _),) = _kinds(tmp_path, "load() missing 1 required file", kind="ValueError")
    assert kind != "wrong-call"


PAGES = """
    def choose(first, page):
        return first, page

    def show(first,
             page_):
        return choose(first, page_=page_)

    def count(first):
        return choose(first, page_=first)
    """


@pytest.mark.slow
def test_a_function_that_hands_on_its_own_parameter_by_a_refused_name_is_named_too(tmp_path: Path) -> None:
    tests = "from shop.pages import count, show\ndef test_a():\n    assert {}\n"
    for call, place in (("show(1, 2)", ["shop/pages.py:4"]), ("count(1)", [])):
        files = {"shop/pages.py": PAGES, "tests/test_a.py": tests.format(call)}
        (cause,), _ = investigated(tmp_path / call[:4], files)

        assert cause.kind == "wrong-call"
        assert places(cause)[:1] == ["shop/pages.py:1"]
        assert [one for one in places(cause)[2:] if one.startswith("shop/")] == place, call


FIELDS = """
    from dataclasses import dataclass
    from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

    class Base(MappedAsDataclass, DeclarativeBase): ...

    class Other:
        def __init__(self, first): ...

    @dataclass
    class Line:
        number: int
        title_text: str

    def make_post():
        class Post(Base):
            __tablename__ = "posts"
            title_text: Mapped[str]
            id: Mapped[int] = mapped_column(primary_key=True, init=False)

        return Post(title="a")

    def make_line():
        return Line(number=1,
                    title="a")
    """


@pytest.mark.slow
@pytest.mark.parametrize(("made", "line", "owner"), [("post", 17, "Post"), ("line", 12, "Line")])
def test_a_generated_init_leads_to_the_field_of_a_like_name(tmp_path: Path, made: str, line: int, owner: str) -> None:
    tests = f"from shop.posts import make_{made}\ndef test_a():\n    assert make_{made}()\n"
    (cause,), _ = investigated(tmp_path, {"shop/posts.py": FIELDS, "tests/test_a.py": tests})

    assert (cause.kind, cause.id) == ("wrong-call", f"wrong-call:{owner}.__init__")
    assert places(cause)[0] == f"shop/posts.py:{line}", "not the line of another class's own __init__"
