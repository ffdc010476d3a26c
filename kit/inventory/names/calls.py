"""What makes times without a zone, and what tests patch: the calls of interest, their names resolved."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from pathlib import Path

from kit.facts.inventory import NaiveTime, PatchTarget
from kit.inventory.names.extensions import is_no_source
from kit.inventory.names.modules import parents
from kit.inventory.names.names import Names
from kit.inventory.source.records import PatchCall
from kit.inventory.source.roles import role_of

_NAIVE = frozenset({"datetime.datetime.utcnow", "datetime.datetime.now", "datetime.datetime.utcfromtimestamp"})


def naive_times(names: Names) -> Iterator[NaiveTime]:
    """The places that make a ``datetime`` without a zone."""
    for module, file in names.files.items():
        for call in file.times:
            name = names.resolve(module, call.name, in_function=True).dotted
            if name in _NAIVE:
                yield NaiveTime(name, file.path, call.line, call.scope, role_of(file.path), call.called)


def patch_targets(names: Names, root: Path) -> Iterator[PatchTarget]:
    """The places that replace an attribute whose dotted name is known."""
    for module, file in names.files.items():
        for call in file.patches:
            target = _target(names, module, call)
            if target:
                owner = _owner(names, target)
                exists = _exists(names, root, *owner) if owner else None
                role = role_of(file.path)
                yield PatchTarget(target, owner[0] if owner else None, file.path, call.line, call.scope, role, exists)


def _target(names: Names, module: str, call: PatchCall) -> str | None:
    """The dotted whole; ``None`` where the owner is an object that the test has made, or the string no name."""
    if not call.owner:
        return call.name if all(part.isidentifier() for part in call.name.split(".")) else None
    origin = names.resolve(module, call.owner, in_function=True)
    is_bound = origin.module != module or names.find(module, call.owner.partition(".")[0]) is not None
    return f"{origin.dotted}.{call.name}" if is_bound and "()" not in origin.dotted else None


def _owner(names: Names, target: str) -> tuple[str, str] | None:
    """The module of the target that a dotted name leads into, and the rest of the name."""
    for prefix in reversed(parents(target)):
        module = names.modules.canonical(prefix)
        if module in names.files:
            return module, target.removeprefix(f"{prefix}.")
    return None


def _exists(names: Names, root: Path, module: str, attribute: str) -> bool | None:
    """Whether a module has what is patched in it; of an attribute of something in it, only that something is looked at.
    ``mock`` lends every module the builtins.
    """
    name, _, rest = attribute.partition(".")
    if names.find(module, name) is not None:
        return None if rest else True
    is_complete = names.shows_all(module) and not name.startswith("__") and not hasattr(builtins, name)
    return None if not is_complete or is_no_source(f"{module}.{name}", names, root) else False
