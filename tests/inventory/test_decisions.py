"""Which condition lets a line run."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from kit.inventory.declarations.guards import decided_at, decisions

SOURCE = """
if True:
    def pay(order, rates):
        if order is None:
            raise LookupError
        total = 0
        if order.paper:
            total = 1
        elif order.gold:
            total = 2
        else:
            total = 3
        for rate in rates:
            if rate < 0:
                continue
            total += rate
        try:
            check(total)
        except ValueError:
            if total > 9:
                return 9
            match total:
                case 1:
                    total = 5
        return total

    def plain():
        return 1
"""


def test_the_numbering_of_the_lines_is_as_told() -> None:
    lines = dedent(SOURCE).splitlines()

    assert (lines[4].strip(), lines[24].strip(), lines[27].strip()) == (
        "raise LookupError",
        "return total",
        "return 1",
    )


@pytest.mark.parametrize(
    ("line", "decision"),
    [
        (5, 4),  # inside
        (6, 4),  # behind one that leaves
        (8, 7),
        (10, 9),  # elif
        (12, 9),  # else
        (16, 14),  # behind one that goes on with the loop
        (18, 4),  # what does not leave decides nothing behind it
        (24, 20),  # in a handler and a case
        (25, 4),
        (28, None),  # what stands around the function is not asked when it runs
        (1, None),
    ],
)
def test_the_last_condition_that_lets_a_line_run(line: int, decision: int | None) -> None:
    assert decided_at(ast.parse(SOURCE), line) == decision


NESTED = """
def page(number, error_out, limits):
    if number < 1:
        if error_out:
            abort(404)
        if not limits.strict:
            abort(400)
        if number < -5:
            abort(410)
    if error_out:
        abort(500)
"""


@pytest.mark.parametrize(("line", "found"), [(5, (4, 3)), (7, (6, 3)), (9, (8,)), (11, (10,)), (3, ())])
def test_around_a_flag_the_next_condition_counts_too(line: int, found: tuple[int, ...]) -> None:
    assert decisions(ast.parse(NESTED), line) == found
