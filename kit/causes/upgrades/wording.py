"""An entry of the table in words."""

from __future__ import annotations

from kit.causes.upgrades.standard_modules import BRINGING
from kit.facts.upgrades import PYTHON, Breakage


def upgrade_advice(one: Breakage) -> str:
    """The fix, and whether the edit and the upgrade have to be made together."""
    if one.compared:
        return _compared_advice(one)
    edit = f"Write `{one.after}` in place of `{one.before}`."
    if one.both:
        return f"{edit} That works with both releases."
    return (
        f"{edit} Until then, hold {one.library}<{one.first_bad} back: with {one.last_good} the new code does not work."
    )


def _compared_advice(one: Breakage) -> str:
    """What is known without a trial: where the name stands now, and which releases have it."""
    found = f"`{one.after}` may take its place. " if one.after else ""
    if one.library != PYTHON:
        return f"{found}Change what uses `{one.before}`, or hold {one.library}<{one.first_bad} back."
    bringing = f"install {BRINGING[one.before]}, which brings it back, " if one.before in BRINGING else ""
    return f"{found}Change what uses `{one.before}`, {bringing}or run the tests with Python {one.last_good}."
