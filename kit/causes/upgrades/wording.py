"""An entry of the table in words."""

from __future__ import annotations

from kit.facts.upgrades import Breakage


def upgrade_advice(one: Breakage) -> str:
    """The fix, and whether the edit and the upgrade have to be made together."""
    edit = f"Write `{one.after}` in place of `{one.before}`."
    if one.both:
        return f"{edit} That works with both releases."
    return (
        f"{edit} Until then, hold {one.library}<{one.first_bad} back: with {one.last_good} the new code does not work."
    )
