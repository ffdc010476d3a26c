"""Compares and describes values of the target without running any code of theirs.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import types
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any


#: the types whose values are compared and shown; a subclass may have an ``__eq__`` or a ``__repr__`` of its own
SCALARS = frozenset({type(None), bool, int, float, complex, str, bytes})

CONTAINERS = frozenset({list, tuple, dict, set, frozenset, deque})

#: how many characters of a text are shown, and how many entries of a container
LONGEST, MOST_SHOWN = 60, 4

MISSING = object()


class Gone:
    """Stands for an object of a class that has died."""

    def __init__(self, kind: type) -> None:
        self.kind = kind


NAMED = (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)


def is_a(value: Any, kinds: Any) -> bool:
    """Whether a value is of a type, or of one of several, by its own type. ``isinstance`` asks ``__class__`` too, which
    may say something else (a library of cffi says that it is a module), and may run code of the target (a proxy).
    """
    return issubclass(type(value), kinds)


def same(one: Any, other: Any, depth: int = 2) -> bool:
    """Whether two values are the same object, or equal plain values."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind in SCALARS:
        return bool(one == other)
    if kind is tuple and depth and len(one) == len(other):
        return all(same(left, right, depth - 1) for left, right in zip(one, other))
    return False


def describe(value: Any) -> str:
    """A value in a few words."""
    if value is MISSING:
        return "missing"
    kind = type(value)
    if kind in SCALARS:
        return shortened(repr(value))
    if kind in CONTAINERS:
        return describe_container(value)
    try:
        if kind is Gone:
            return "<%s>" % name_of(value.kind)
        if is_a(value, NAMED):
            return name_of(value)
        return "<%s>" % name_of(kind)
    except Exception:
        return "<object>"


def describe_container(value: Any) -> str:
    """A container by its entries when these are few plain values, else by their number."""
    try:
        entries = list(value.items()) if type(value) is dict else list(value)
    except RuntimeError:  # another thread changes it
        return type(value).__name__
    flat = [one for entry in entries for one in entry] if type(value) is dict else entries
    if len(entries) <= MOST_SHOWN and all(type(one) in SCALARS for one in flat):
        return shortened(repr(value))
    return "%s of %d" % (type(value).__name__, len(entries))


def name_of(value: Any) -> str:
    """The dotted name of a module, class or function."""
    if is_a(value, types.ModuleType):
        return str(types.ModuleType.__getattribute__(value, "__name__"))
    if is_a(value, type):
        module, name = type.__dict__["__module__"].__get__(value), type.__dict__["__qualname__"].__get__(value)
    else:
        module, name = value.__module__, value.__qualname__
    return str(name) if module in ("builtins", None) else "%s.%s" % (module, name)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
