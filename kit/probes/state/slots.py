"""Instances whose attributes have slots, and no dictionary.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import types

from .nodes import Namespace, WatchedContainer
from .values import MISSING

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Tuple


def slots_of(kind: type, known: Dict[type, Tuple[Any, ...]]) -> Tuple[Any, ...]:
    """The descriptors of the slots of a class; ``known`` has those of other classes, and grows."""
    if kind not in known:
        known[kind] = tuple(
            one
            for base in type.__dict__["__mro__"].__get__(kind)
            for name, one in type.__dict__["__dict__"].__get__(base).items()
            if type(one) is types.MemberDescriptorType and not name.startswith("__")
        )
    return known[kind]


class Slots:
    """What the slots of an instance hold, as a sequence."""

    def __init__(self, owner: Any, members: Tuple[Any, ...]) -> None:
        self.owner, self.members = owner, members

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Any:
        return iter([held_in(member, self.owner) for member in self.members])


class SlotsOfInstance(Namespace):
    """An instance whose attributes have slots; ``view`` has the descriptors of the slots."""

    kind = "slots"
    __slots__ = ()

    def mapping(self) -> Any:
        names = [member.__name__ for member in self.view.members]
        return {name: value for name, value in zip(names, self.view) if value is not MISSING}

    def keep(self) -> None:
        WatchedContainer.keep(self)
        self.keys = [member.__name__ for member in self.view.members]

    def restore(self, key: Any, before: Any) -> None:
        member = next(one for one in self.view.members if one.__name__ == key)
        if before is MISSING:
            member.__delete__(self.owner)
        else:
            member.__set__(self.owner, before)


def held_in(member: Any, owner: Any) -> Any:
    try:
        return member.__get__(owner)
    except AttributeError:
        return MISSING
