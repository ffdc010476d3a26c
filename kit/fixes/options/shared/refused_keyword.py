"""A keyword that a function does not take, beside the one of its parameters that is like it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.places import Location
from kit.fixes.scene import FixScene

_REFUSED = re.compile(r"got an unexpected keyword argument '(?P<keyword>\w+)'")


@dataclass(frozen=True)
class RefusedKeyword:
    """``called`` is the name by which the function is called, a class by its own name for its ``__init__``;
    ``parameters`` are all that it takes, ``meant`` is the one of them that is like the ``keyword``.
    """

    called: str
    keyword: str
    meant: str
    parameters: tuple[str, ...]
    definition: Location

    @property
    def position(self) -> int:
        """At which place a call may give the parameter without its name."""
        taken = self.parameters[1:] if self.parameters[:1] in (("self",), ("cls",)) else self.parameters
        return taken.index(self.meant)


def refused_keyword(cause: Cause, scene: FixScene) -> RefusedKeyword | None:
    """The keyword that a cause is about; ``None`` unless one parameter of one definition alone is like it."""
    told = _REFUSED.search(cause.title)
    defined = {place for place in cause.locations if place.role == "definition"}
    if told is None or len(defined) != 1:
        return None
    (definition,) = defined
    parameters, keyword = scene.declarations.parameters(definition), told["keyword"]
    meant = None if keyword in parameters else nearest(keyword, parameters)
    if meant is None:
        return None
    called = cause.id.partition(":")[2].removesuffix(".__init__").rpartition(".")[2]
    return RefusedKeyword(called, keyword, meant, parameters, definition)


def called_name(node: cst.Call) -> str:
    """The last part of the name of what is called; empty where that has none."""
    return (get_full_name_for_node(node.func) or "").rpartition(".")[2]
