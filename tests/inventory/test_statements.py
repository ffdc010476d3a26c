"""Which lines of a function a wrong value can come from, and what each counts."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import pytest

from kit.facts.places import Location
from kit.inventory import Declarations
from kit.inventory.declarations.statements import (
    conditions,
    idle_statements,
    names_read,
    statement_lines,
    values_assigned,
)
from kit.target import find_target
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here


def function(source: str) -> ast.FunctionDef:
    found = ast.parse(textwrap.dedent(source)).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found


SOURCE = '''
    def price(cart):
        """What it costs."""
        found = load(cart)
        if found > 3:
            log(found)
        return (
            found
            * TAX
        )
'''


def test_what_decides_or_gives_an_answer_counts_more_than_what_passes_on() -> None:
    lines = statement_lines(function(SOURCE))

    assert sorted(lines) == [4, 5, 6, 8, 9]
    assert lines[5] > lines[4] > lines[6]
    assert lines[8] > lines[9]


def test_a_return_of_what_other_lines_have_made_counts_less_than_one_that_computes() -> None:
    def weight(value: str) -> float:
        return statement_lines(function(f"def f(rows):\n    return {value}\n"))[2]

    assert weight("list(rows)") == weight("rows") < weight("rows[0]") == weight("list(rows, strict=True)")
    assert weight("rows + 1") > weight("rows[0]")


def test_the_names_of_settings_are_read_from_strings_too() -> None:
    read = names_read(function('def f(app):\n    return app.config["MAX_LOANS"] + LIMIT + app["max"]\n'))

    assert {"MAX_LOANS", "LIMIT", "config"} <= read.keys()
    assert read["LIMIT"] == {2}
    assert "max" not in read


def test_values_of_modules_and_classes_are_told_apart() -> None:
    module = ast.parse("LIMIT = 3\nclass Settings:\n    DAYS = 21\n")

    assert list(values_assigned(module)) == [("LIMIT", (1,), True, True), ("DAYS", (3,), False, True)]


def test_a_table_has_the_lines_of_its_entries() -> None:
    assert [plain for *_, plain in values_assigned(ast.parse("NAME = re.compile('x')\nSIZE = 2 * 3\n"))] == [
        False,
        False,
    ]
    module = ast.parse('RATES = {\n    "book": 7,\n    "lamp": 19,\n}\n')

    assert list(values_assigned(module)) == [("RATES", (1, 2, 3), True, True)]


@pytest.mark.parametrize(
    ("body", "is_suspect"),
    [
        ("    row.day = day\n    session.rollback()\n", True),
        ("    with session:\n        row.day = day\n        session.rollback()\n", True),
        ("    session.rollback()\n", False),
        ("    try:\n        row.day = day\n    except ValueError:\n        session.rollback()\n", False),
        ("    row.day = day\n    if dry:\n        session.rollback()\n", False),
        ("    yield session\n    session.rollback()\n", False),
    ],
)
def test_a_rollback_where_nothing_has_gone_wrong_is_the_first_suspect(body: str, is_suspect: bool) -> None:
    source = f"def move(session, row, day, dry):\n{body}"
    line = source[: source.index("rollback")].count("\n") + 1

    lines = statement_lines(function(source))

    assert (lines[line] == max(lines.values()) and lines[line] > 1.5) is is_suspect


def test_the_inmost_condition_above_a_line_is_known() -> None:
    source = """
        def f(a, b):
            if a:
                one()
                if b:
                    two()
            three()
        """

    found = conditions(function(source))

    assert (found[4], found[5], found[6], found.get(7)) == (3, 3, 5, None)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f(a):\n    a.strip()\n    a, 1\n", [3]),
        ("@validates('mail')\ndef f(self, key, value):\n    value.lower()\n", [3]),
        ("@field_validator('mail')\n@classmethod\ndef f(cls, value):\n    return value\n", []),
        ("@validates('mail')\ndef f(self, key, value):\n    raise ValueError(value)\n", []),
        ("@property\ndef total(self):\n    sum(self.prices)\n", [3]),
        ("def f(a):\n    a.save()\n", []),
        ("def f(a):\n    return a\n", []),
    ],
)
def test_an_answer_that_nobody_gets_is_seen(source: str, lines: list[int]) -> None:
    assert [one.lineno for one in idle_statements(function(source))] == lines


def test_a_line_leads_to_the_short_functions_that_it_calls(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
        "shop/__init__.py": "",
        "shop/cart.py": "def rate(kind):\n    return 7\n\ndef total(kind):\n    if rate(kind) > 3:\n        return 1\n",
    }
    declared = Declarations.of(find_target(write_project(tmp_path / "app", files)))

    assert declared.reading.called_in(Location("shop/cart.py", 5)) == (Location("shop/cart.py", 2, "computes"),)
