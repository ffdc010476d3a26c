"""Which sandbox belongs to which scratch copy, for the code that starts processes in one."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from kit.target.sandbox.plan import Plan, Protection

T = TypeVar("T")

_plans: dict[Path, Plan] = {}


def register(plan: Plan) -> None:
    """From now on the processes of this copy run in this sandbox."""
    _plans[plan.root] = plan


def share(folder: Path, root: Path) -> None:
    """Keep the target's writes into ``folder``, even where it lies below a place whose writes are discarded."""
    if root in _plans:
        _plans[root] = _plans[root].with_shared(folder)


def forget(root: Path) -> None:
    """The copy is gone."""
    _plans.pop(root, None)


def plan_of(root: Path) -> Plan:
    """The sandbox of the scratch copy at ``root``; for any other folder one that protects nothing."""
    return _plans.get(root) or Plan(root, root)


def protection_of(root: Path) -> Protection:
    """Which protection holds for the processes of this copy."""
    return plan_of(root).protection


def seen_root(root: Path) -> Path:
    """Where the target's processes see the scratch copy at ``root``: in the place of the real tree, if possible."""
    return plan_of(root).seen_root


def as_seen(value: T, root: Path) -> T:
    """A text, or whatever JSON can hold, with the paths that the target's processes have for those in the copy."""
    return plan_of(root).seen(value)


def in_copy(path: str, root: Path) -> str:
    """Where kit finds in the copy what the target's processes see at ``path``."""
    return plan_of(root).kept(path)
