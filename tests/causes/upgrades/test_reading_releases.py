"""What a release dropped is read from its source and the one before; what source cannot tell is left out."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

from tests.bench.dropped_names.make import steps_between


def steps(folder: Path, *releases: dict[str, str]) -> list[dict[str, Any]]:
    """The steps between releases 1.0, 2.0 and so on of a library with these files."""
    made = []
    for number, files in enumerate(releases, 1):
        for name, text in files.items():
            path = folder / f"{number}.0" / "lib" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text))
        made.append((f"{number}.0", folder / f"{number}.0"))
    return steps_between(made)


def step(folder: Path, old: str, new: str) -> dict[str, Any]:
    """What the second text of ``lib.core`` lacks of the first."""
    found = steps(folder, {"__init__.py": "", "core.py": old}, {"__init__.py": "", "core.py": new})
    assert all((one["last"], one["first"]) == ("1.0", "2.0") for one in found)
    return {key: value for one in found for key, value in one.items() if key not in {"last", "first"}}


def test_a_module_is_gone_and_where_its_content_is_now(tmp_path: Path) -> None:
    content = "def one(): ...\ndef two(): ...\n"

    found = steps(tmp_path, {"__init__.py": "", "base.py": content}, {"__init__.py": "", "_base.py": content})

    assert found == [{"last": "1.0", "first": "2.0", "modules": {"lib.base": "lib._base"}}]


def test_of_a_module_whose_package_still_binds_its_name_that_is_told(tmp_path: Path) -> None:
    found = steps(tmp_path, {"__init__.py": "", "mock.py": ""}, {"__init__.py": "from unittest import mock"})

    assert found == [{"last": "1.0", "first": "2.0", "modules": {"lib.mock": "lib:mock"}}]


def test_a_name_is_gone_and_where_the_same_name_is_now(tmp_path: Path) -> None:
    old = {"__init__.py": "from .core import Escaped, lost", "core.py": "class Escaped: ...\ndef lost(): ..."}
    new = {"__init__.py": "", "core.py": "class Escaped: ..."}

    (found,) = steps(tmp_path, old, new)

    assert found["names"] == {"lib": {"Escaped": "lib.core", "lost": ""}, "lib.core": {"lost": ""}}


def test_a_name_of_another_library_is_to_be_imported_from_there(tmp_path: Path) -> None:
    assert step(tmp_path, "from markupsafe import Markup", "")["names"] == {"lib.core": {"Markup": "markupsafe"}}


def test_a_name_that_any_branch_or_a_star_import_or_code_can_bind_is_not_gone(tmp_path: Path) -> None:
    old = "a = b = c = d = e = 1"
    ways = {
        "a branch": "try:\n    import fast\n    a = b = c = d = e = 1\nexcept ImportError: ...",
        "another library": "from numpy import *",
        "code": "for name in 'abcde':\n    globals()[name] = 1",
        "syntax of another Python": "print 'a'",
        "a function": "def fill():\n    global a, b, c, d, e\n    a = b = c = d = e = 1",
    }

    assert {name: step(tmp_path / name, old, new) for name, new in ways.items()} == {key: {} for key in ways}


def test_a_name_that_is_given_when_it_is_asked_for_is_gone_with_the_release_that_no_longer_gives_it(
    tmp_path: Path,
) -> None:
    asked = 'def __getattr__(name):\n    if name == "old":\n        return 1\n    raise AttributeError(name)'
    texts = ["old = 1", asked, asked.replace("old", "other")]

    found = steps(tmp_path, *({"__init__.py": text} for text in texts))

    assert found == [{"last": "1.0", "first": "3.0", "names": {"lib": {"old": ""}}}]


def test_a_name_that_other_code_may_give_when_it_is_asked_for_is_not_gone(tmp_path: Path) -> None:
    loaded = "from lib.lazy import attach\ndef __getattr__(name):\n    return attach(name)"
    releases = [
        {"__init__.py": text, "lazy.py": "KNOWN = ['old']\ndef attach(name): ..."} for text in ("old = 1", loaded)
    ]

    assert steps(tmp_path, *releases) == []


def test_a_name_that_was_there_for_some_only_or_for_types_only_is_not_said_to_have_been_there(tmp_path: Path) -> None:
    imports = "import sys\nfrom typing import TYPE_CHECKING\n"
    some = "if sys.platform == 'win32':\n    a = 1\nif TYPE_CHECKING:\n    b = 1"

    assert step(tmp_path, imports + some, imports) == {}


def test_a_name_that_the_newest_release_has_again_is_left_out(tmp_path: Path) -> None:
    assert steps(tmp_path, {"__init__.py": "a = 1"}, {"__init__.py": ""}, {"__init__.py": "a = 2"}) == []


def test_members_are_those_of_bases_too_and_what_a_method_sets_is_still_there(tmp_path: Path) -> None:
    old = """
        class Base:
            def __init__(self):
                self.kept = self.moved = self.lost = 1
            def close(self): ...
        class Derived(Base):
            extra = 1
    """
    new = """
        class Root:
            moved = 1
        class Base(Root):
            def reset(self):
                self.kept = 1
        class Derived(Base): ...
    """

    assert step(tmp_path, old, new)["members"] == {
        "lib.core": [[["Base"], ["close", "lost"]], [["Derived"], ["close", "extra", "lost"]]]
    }


def test_members_of_a_class_whose_bases_or_metaclass_are_not_known_are_left_out(tmp_path: Path) -> None:
    old = "class A:\n    lost = 1\n"
    made = {
        "base": "from other import Base\nclass A(Base): ...",
        "metaclass": "class Meta(type):\n    def __new__(cls, *args): ...\nclass A(metaclass=Meta): ...",
        "asked for": "class A:\n    def __getattr__(self, name): return self.given['lost']",
        "decorator": "from other import fill\n@fill('lost')\nclass A: ...",
    }
    unknown = {
        name: step(tmp_path / name, old, f"{new}\nlost" if name == "metaclass" else new) for name, new in made.items()
    }

    assert unknown == {key: {} for key in made}


def test_a_class_of_the_same_name_elsewhere_is_not_taken_for_it(tmp_path: Path) -> None:
    old = {"__init__.py": "", "parser.py": "class Option:\n    takes = 1", "core.py": "class Option: ..."}
    new = {"__init__.py": "", "parser.py": "class _Option: ...", "core.py": "class Option: ..."}

    (found,) = steps(tmp_path, old, new)

    assert "members" not in found


def test_an_attribute_becomes_a_property_that_can_only_be_read(tmp_path: Path) -> None:
    old = "class A:\n    def __init__(self):\n        self.session = self.open = 1\n"
    new = """
        class A:
            @property
            def session(self): ...
            @property
            def open(self): ...
            @open.setter
            def open(self, value): ...
    """

    assert step(tmp_path, old, new) == {"read_only": {"lib.core": {"A": ["session"]}}}


def test_parameters_are_gone_new_ones_are_needed_and_fewer_can_be_given_by_position(tmp_path: Path) -> None:
    old = "def f(a, b, c=1): ...\nclass A:\n    def m(self, x=1): ...\n"
    new = "def f(a, b, *, d): ...\nclass A:\n    def m(self, **options): ...\n"

    assert step(tmp_path, old, new) == {
        "parameters": {"lib.core": {"f": ["c"]}},
        "required": {"lib.core": {"f": ["d"]}},
        "positional": {"lib.core": {"f": [3, 2], "A.m": [2, 1]}},
    }


def test_tests_that_a_library_ships_are_one_module_that_can_go(tmp_path: Path) -> None:
    tests = {"tests/__init__.py": "", "tests/tools.py": "def helper(): ..."}
    changed = {"tests/__init__.py": "", "tests/tools.py": ""}

    found = steps(tmp_path, {"__init__.py": "", **tests}, {"__init__.py": "", **changed}, {"__init__.py": ""})

    assert found == [{"last": "2.0", "first": "3.0", "modules": {"lib.tests": ""}}]


def test_a_module_that_cython_compiled_tells_nothing_and_another_compiled_one_does(tmp_path: Path) -> None:
    old, new = ("{}def old(): ...", "{}def new(): ...")
    compiled = {"__init__.py": "", "fast.so": ""}

    found = {
        kind: steps(tmp_path / kind, *({**compiled, "fast.py": text.format(start)} for text in (old, new)))
        for kind, start in (("cython", "import cython\n@cython.cfunc\n"), ("mypyc", ""))
    }

    assert [[one["names"] for one in several] for several in found.values()] == [[], [{"lib.fast": {"old": ""}}]]


def test_a_method_that_a_metaclass_makes_anew_is_not_compared_with_what_its_source_takes(tmp_path: Path) -> None:
    lexer = "class Meta(type):\n    def __new__(cls, name, bases, of):\n        of['made'] = wrapped(of['made'])\n"
    lexer += "class Lexer(metaclass=Meta): ...\nclass Own(Lexer):\n    def made({}): ...\n    def plain({}): ..."

    found = step(tmp_path, lexer.format("self, text", "self, text"), lexer.format("text", "text"))

    assert found["positional"] == {"lib.core": {"Own.plain": [2, 1]}}
