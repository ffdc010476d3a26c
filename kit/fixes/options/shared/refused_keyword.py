"""A keyword that a function does not take, beside the one of its parameters that is like it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from kit.causes import nearest
from kit.facts.causes import Cause
from kit.facts.places import Location
from kit.fixes.scene import FixScene
from kit.inventory import ClassFields

_REFUSED = re.compile(r"got an unexpected keyword argument '(?P<keyword>\w+)'")
_INIT = "__init__"


@dataclass(frozen=True)
class RefusedKeyword:
    """``called`` is the name by which the function is called, a class by its own name for its ``__init__``; ``others``
    are the classes that inherit it, and that method's own name. ``parameters`` are all that it takes, ``meant`` is the
    one of them that is like the ``keyword``.
    """

    called: str
    keyword: str
    meant: str
    parameters: tuple[str, ...]
    definition: Location
    others: frozenset[str] = frozenset()

    @property
    def position(self) -> int:
        """At which place a call may give the parameter without its name."""
        taken = self.parameters[1:] if self.parameters[:1] in (("self",), ("cls",)) else self.parameters
        return taken.index(self.meant)

    @property
    def names(self) -> frozenset[str]:
        """All names by which it is called."""
        return self.others | {self.called}


def said_keyword(cause: Cause) -> str | None:
    """The keyword that the error of a cause says is refused."""
    told = _REFUSED.search(cause.title)
    return told["keyword"] if told else None


def passed_to(scene: FixScene, keyword: str | None, names: Collection[str]) -> bool:
    """Whether a call of the target passes a keyword (``None``: a mapping of them) to what has one of these names."""
    trees = scene.declarations.reading.trees
    wanted = names if keyword is None else (keyword,)
    nodes = (node for word in wanted for _, tree in trees.naming(word) for node in ast.walk(tree))
    calls = (node for node in nodes if isinstance(node, ast.Call))
    passing = (node.func for node in calls if any(one.arg == keyword for one in node.keywords))
    return any((getattr(one, "attr", None) or getattr(one, "id", "")) in names for one in passing)


def refused_keyword(cause: Cause, scene: FixScene) -> RefusedKeyword | None:
    """The keyword that a cause is about; ``None`` unless one parameter of one definition alone is like it."""
    keyword = said_keyword(cause)
    defined = {place for place in cause.locations if place.role == "definition"}
    if keyword is None or len(defined) != 1:
        return None
    (definition,) = defined
    parameters = scene.declarations.parameters(definition)
    meant = None if keyword in parameters else nearest(keyword, parameters)
    if meant is None:
        return None
    owner, _, name = cause.id.partition(":")[2].rpartition(".")
    return _called(scene, owner.rpartition(".")[2], name, keyword, meant, definition)


def handed_on(cause: Cause, scene: FixScene, refused: RefusedKeyword) -> RefusedKeyword | None:
    """The same the other way round, for the function of the app that hands the keyword on as a parameter of its own:
    its parameter may be what has changed. ``None`` unless there is one such function.
    """
    places = [one for one in cause.locations if one.role == "hands it on" and not scene.is_test(one.path)]
    trees = scene.declarations.reading.trees
    function = trees.function_at(places[0]) if len(places) == 1 else None
    if function is None or refused.meant in scene.declarations.parameters(places[0]):
        return None
    nodes = ast.walk(trees.tree(places[0].path) or ast.Module([], []))
    owner = next((node.name for node in nodes if isinstance(node, ast.ClassDef) and function in node.body), "")
    return _called(scene, owner, function.name, refused.meant, refused.keyword, places[0])


def called_name(node: cst.Call) -> str:
    """The last part of the name of what is called; empty where that has none."""
    return (get_full_name_for_node(node.func) or "").rpartition(".")[2]


def _called(scene: FixScene, owner: str, name: str, keyword: str, meant: str, definition: Location) -> RefusedKeyword:
    parameters = scene.declarations.parameters(definition)
    if name != _INIT:
        return RefusedKeyword(name, keyword, meant, parameters, definition)
    others = ClassFields(scene.declarations.reading.trees).heirs(owner) | {_INIT}
    return RefusedKeyword(owner, keyword, meant, parameters, definition, others)
