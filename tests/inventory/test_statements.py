"""Which lines of a function a wrong value can come from, and what each counts."""

from __future__ import annotations

import ast
import textwrap

from kit.inventory.declarations.statements import names_read, statement_lines, values_assigned


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


def test_the_names_of_settings_are_read_from_strings_too() -> None:
    read = names_read(function('def f(app):\n    return app.config["MAX_LOANS"] + LIMIT + app["max"]\n'))

    assert {"MAX_LOANS", "LIMIT", "config"} <= read
    assert "max" not in read


def test_values_of_modules_and_classes_are_told_apart() -> None:
    module = ast.parse("LIMIT = 3\nclass Settings:\n    DAYS = 21\n")

    assert list(values_assigned(module)) == [("LIMIT", 1, True), ("DAYS", 3, False)]
