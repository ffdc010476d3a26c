"""Lines that use a library in a certain way are found through imports, variables and derived classes."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from kit.inventory import Declarations
from kit.inventory.declarations.patterns import SoughtUses
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.records import FileRecord
from tests.helpers import write_project


def _lines(folder: Path, text: str, pattern: str, module: str = "shop") -> list[int]:
    root = write_project(folder / "app", {"app.py": textwrap.dedent(text)})
    found = Declarations(Trees(root, (FileRecord("app.py"),))).library_uses({"x": (pattern,)}, {"x": (module,)})
    return [place.line for place in found.get("x", ())]


@pytest.mark.parametrize(
    ("text", "pattern", "lines"),
    [
        ("from shop.tools import old", "shop.tools.old", [1]),
        ("import shop.tools as t\n\nt.old(1)", "shop.tools.old", [3]),
        ("from shop import Client as C\nC(app=1)\nC(1)", "shop.Client(app=)", [2]),
        ("from shop import Client\n\nclass Own(Client): ...\n\nOwn(app=1)", "shop.Client(app=)", [5]),
        ("from shop import App\napp = App()\n@app.route('/')\ndef home(): ...", "shop.App().route", [3]),
        (
            "from shop import fields\nfields.Int(validate=lambda n: n)\nfields.Int(validate=check)",
            "shop.*(validate=lambda)",
            [2],
        ),
        ("import shop\nframe.group('a')\nframe.group(('a',))", ".group(0=str)", [2]),
        ("import shop\nresponse.body = 1\nprint(response.body)", ".body=", [2]),
        (
            "from shop import Base\nclass A(Base):\n    def show(self): ...\n    def other(self, x): ...",
            "class(shop.Base).def show(0)",
            [3],
        ),
        ("from shop import Base\nclass A(Base):\n    def show(self, x): ...", "class(shop.Base).def show(0)", []),
        ("import shop\n@shop.mark.skip\n@shop.fixture\ndef a(): ...", "def(shop.fixture,shop.mark.*)", [4]),
        ("import shop\nframe['a'][0] = 1\nframe['a'] = 1", "[][]=", [2]),
        ("import shop\nasync def test_a(): ...", "async def test_*", [2]),
        ("import shop\ndef test_a(loop): ...", "argument loop", [2]),
        ("import shop\ndef setup(): ...\ndef setup(app): ...\nclass A:\n    def setup(): ...", "def setup(0)", [2]),
        (
            "import shop\ndef f(engine):\n    engine.run(shop.a(1))\n    self.my_engine.run(1)\n    machine.run(1)",
            "?*engine.run()",
            [3, 4],
        ),
        ("from shop import engine\nengine.run(1)", "?*engine.run()", []),
        ("import shop\nengine = make_mock()\nengine.run(1)", "?*engine.run()", []),
        ("import shop\nengine = make()\nengine.run(1)", "?*engine.run()", [3]),
        ("import shop\nx.run('a' + b)\nx.run(('a %s' + b) % c)\nx.run(b + 'a')", ".run(0=str)", [2, 3]),
        ("import shop\nshop.call(1, 2, 3)\nshop.call(1, 2)", "shop.call(#3)", [2]),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from shop import old\n", "shop.old", []),
        ('import sys\nif "shop" in sys.modules:\n    from shop import old\n', "shop.old", []),
        ("import typing\nif typing.TYPE_CHECKING: ...\nelse:\n    from shop import old\n", "shop.old", [4]),
    ],
)
def test_each_kind_of_pattern(tmp_path: Path, text: str, pattern: str, lines: list[int]) -> None:
    assert _lines(tmp_path, text, pattern) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("from shop import (  # what (see there) is new\n    new,\n    old,\n)", [1]),
        ("from shop import \\\n    (new,\n    old)", [1]),
        ("from \\\n    shop import old", [1]),
        ("import shop.\\\n    old as new", [1]),
        ("import new as other, \\\n    shop as new\nnew.old", [3]),
        ("from shop import new  as  now, old as new", [1]),
        ("import shop\n(shop.  # what is\n    old)", [3]),
        ("import shop\n(shop\n    .old)", [3]),
        ("# There is more.\nfrom shop import old", [2]),
        ('"""An import (a part\nof it, is open"""\nfrom shop import new, old', [3]),
        ("import shop;from shop import old", [1]),
    ],
)
def test_a_name_is_found_however_it_is_written(tmp_path: Path, text: str, lines: list[int]) -> None:
    assert _lines(tmp_path, text, "shop.old") == lines


def test_a_file_that_has_the_words_alone_is_not_parsed() -> None:
    sought = SoughtUses({"x": ("shop.old", "shop.old.*")}, {"x": ("shop",)})

    assert sought.in_text("import shop as old\nold.new(old)\nfor old in (): ...\n") == {}
    assert sought.in_text("import store\nstore.old\nshop = 1") == {}
    assert sought.in_text("import shop\nshop.old") == {"x": ["shop.old", "shop.old.*"]}


def test_a_file_that_does_not_import_the_library_is_left_out(tmp_path: Path) -> None:
    text = "response.body = 'a text about the shop'\n"

    assert _lines(tmp_path, text, ".body=") == []
    assert _lines(tmp_path, f"import shop\n{text}", ".body=") == [2]


def test_a_name_of_another_library_is_not_taken_for_it(tmp_path: Path) -> None:
    assert _lines(tmp_path, "import shop\nfrom other import Client\nClient(app=1)", "shop.Client(app=)") == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("try:\n    from shop import new\nexcept ImportError:\n    from shop import old\nold(1)\n", []),
        ("try:\n    from shop import old\nexcept (ImportError, OSError):\n    old = None\n", []),
        ("try:\n    from shop import old\nexcept ValueError:\n    old = None\n", [2]),
        ("import shop\nif shop.v < 3:\n    from shop import old\nelse:\n    from shop import new as old\n", []),
        ("import shop\nif shop.v < 3:\n    from shop import old\nelse:\n    from shop import new\n", [3]),
    ],
)
def test_an_import_that_has_another_way_beside_it_is_no_usage(tmp_path: Path, text: str, lines: list[int]) -> None:
    assert _lines(tmp_path, text, "shop.old") == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("if shop.VERSION < (2,):\n    shop.old()\nelse:\n    shop.new()", []),
        ("if shop.open:\n    shop.old()\nelse:\n    shop.new()", [3]),
        ("if hasattr(shop, 'old'):\n    shop.old()", []),
        ("a = shop.new() if hasattr(shop, 'new') else shop.old()", []),
        ("a = shop.new() if shop.open else shop.old()", [2]),
        ("try:\n    shop.new()\nexcept AttributeError:\n    shop.old()", []),
        ("try:\n    shop.old()\nexcept TypeError:\n    shop.new()", []),
        ("try:\n    shop.old()\nexcept Exception:\n    pass", [3]),
        ("try:\n    shop.old()\nexcept:\n    pass", [3]),
        ("def f():\n    if sys.version_info >= (3, 10):\n        return 1\n    return shop.old()", []),
        ("def f(shop_major):\n    if shop_major < 2:\n        return shop.old()\n    return 1", []),
        ("def f():\n    if shop.open:\n        return 1\n    return shop.old()", [5]),
        (
            "try:\n    from shop import n\nexcept ImportError:\n    n = 0\nif not n:\n    shop.old()\nelse:\n    n()",
            [],
        ),
        ("token = shop.old\nreturn_it = token.decode() if isinstance(token, bytes) else token", [2]),
    ],
)
def test_a_line_that_is_written_for_several_releases_is_no_usage(tmp_path: Path, text: str, lines: list[int]) -> None:
    assert _lines(tmp_path, f"import shop\n{text}", "shop.old") == lines


_FUNCTION = "def f():\n    from shop import old\n    old.open()\n"
_METHOD = "class C:\n    def f(self):\n        from shop import old\n        old.open()\n"
_CAUGHT = "try:\n    {}\nexcept {}:\n    pass\n"
_LOOP = "for one in (f, g):\n    try:\n        one(1)\n    except ImportError:\n        pass\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (_FUNCTION + _CAUGHT.format("f()", "ImportError"), []),
        (_FUNCTION + _LOOP, []),
        (_METHOD + textwrap.indent(_CAUGHT.format("self.f()", "ModuleNotFoundError"), "    "), []),
        (_METHOD + _CAUGHT.format("C().f()", "ImportError"), [3, 4]),
        (_FUNCTION + _CAUGHT.format("f()", "Exception"), [2, 3]),
        (_FUNCTION + _CAUGHT.format("g()", "ImportError") + "f()\n", [2, 3]),
    ],
)
def test_a_function_that_is_called_where_a_failing_import_is_caught_may_import_a_dropped_name(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    assert _lines(tmp_path, text, "shop.old*") == lines


def test_an_attribute_of_a_module_of_python_is_not_taken_for_the_librarys(tmp_path: Path) -> None:
    assert _lines(tmp_path, "import os, shop\nos.path.getsize(1)\nfont.getsize(1)", ".getsize()") == [3]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("class TestA:\n    def setup(self): ...\nclass Pool:\n    def setup(self): ...", [3]),
        ("class TestA(object):\n    def setup(self): ...", [3]),
        ("from tests.book import Book\nclass TestA(Book):\n    def setup(self): ...", [4]),
        ("class Base:\n    def setup(self): ...\nclass TestA(Base): ...", [3]),
        ("class Base:\n    def setup(self): ...\nclass Mid(Base): ...\nclass TestA(Mid): ...", [3]),
        ("class A:\n    def setup(self): ...\nclass TestB(A): ...\nclass A(TestB): ...", [3]),
        ("import unittest\nclass TestA(unittest.TestCase):\n    def setup(self): ...", []),
        ("from tests.book import BookTestCase\nclass TestA(BookTestCase):\n    def setup(self): ...", []),
        ("from unittest import TestCase as T\nclass B(T): ...\nclass TestA(B):\n    def setup(self): ...", []),
        ("from unittest import TestCase\nclass M:\n    def setup(self): ...\nclass TestA(M, TestCase): ...", []),
    ],
)
def test_a_class_is_told_by_its_name_and_by_what_derives_from_it(tmp_path: Path, text: str, lines: list[int]) -> None:
    assert _lines(tmp_path, f"import shop\n{text}", "class Test*().def setup(0)") == lines


def test_each_of_thousands_of_patterns_is_found_where_its_words_stand(tmp_path: Path) -> None:
    root = write_project(tmp_path / "app", {"app.py": "from shop import name7, name999\nimport store\nstore.name7\n"})
    source = Declarations(Trees(root, (FileRecord("app.py"),)))
    wanted = {
        f"{module}.name{number}": (f"{module}.name{number}",) for module in ("shop", "store") for number in range(2000)
    }

    found = source.library_uses(wanted, {identity: (identity.partition(".")[0],) for identity in wanted})

    assert {identity: [place.line for place in places] for identity, places in found.items()} == {
        "shop.name7": [1],
        "shop.name999": [1],
        "store.name7": [3],
    }
