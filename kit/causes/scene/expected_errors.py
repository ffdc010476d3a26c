"""The error in the output of tests, unless they expect it: they fail for another reason then."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kit import inventory
from kit.causes.scene.printed import PrintedError, last_error
from kit.causes.scene.scene import Scene
from kit.facts.failures import Group
from kit.facts.places import Location

#: a message of fewer words can be a text of any other meaning
_FEWEST_WORDS = 2
#: one passing test may ask for nothing that the error would change
_FEW_PASSING = 2
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_STATUSES = re.compile(r"^assert ([45])\d\d == ([45])\d\d$", re.MULTILINE)
_NOT_RAISED = "DID NOT RAISE"
#: an app may answer with None or an object of these types where it has caught an error
_BUILT_IN = "NoneType|bool|int|float|str|bytes|list|tuple|dict|set"
_NAMES_WHAT_LACKS = re.compile(
    rf"^'(?!(?:{_BUILT_IN})')[\w.]+' object has no attribute '|^(?:module|type object) '[\w.]+' has no attribute '"
    r"|^name '\w+' is not defined|^cannot import name '|^No module named '"
    r"|\) got an unexpected keyword argument '|\) missing \d+ required |\) takes .* but \d+ w(?:as|ere) given"
)


def logged(scene: Scene, group: Group) -> PrintedError | None:
    """The one error of the target that all failures of a group have in their output, and none of them raises or
    expects.
    """
    failures = scene.failures_of(group)
    if not failures or group.signature.phase != "call" or any(root.own for root in scene.roots(group)):
        return None
    errors = [last_error(failure.tail) for failure in failures]
    first = errors[0]
    if first is None or first.place is None or inventory.role_of(first.place.path) == "test":
        return None
    is_shared = all(one and one.told == first.told for one in errors)
    return first if is_shared and not expects(scene, group, first) else None


def expects(scene: Scene, group: Group, error: PrintedError) -> bool:
    """Whether the tests of a group expect an error: one looks at the log, names the error or its message, or asks for
    an answer that says that there was one. A failure that names what is lacking follows from no other error either.
    """
    if _NAMES_WHAT_LACKS.search(group.example) or group.example.startswith(_NOT_RAISED):
        return True
    statuses = _STATUSES.search(group.example)
    asks_for_error = statuses is not None and statuses[1] == statuses[2]
    return asks_for_error or _looks_at_log(scene, group) or _names(scene, group, error)


def _looks_at_log(scene: Scene, group: Group) -> bool:
    return any("caplog" in scene.fixtures_of.get(nodeid, ()) for nodeid in group.tests)


def _names(scene: Scene, group: Group, error: PrintedError) -> bool:
    """Whether a test says the type of an error, or a text of several words that the message consists of."""
    message = _QUOTED.sub("", error.message).strip()
    for frame in dict.fromkeys(root.test for root in scene.roots(group) if root.test):
        names, words = scene.declarations.reading.of_test(frame.path, frame.function, frame.line)
        if error.exception in names or error.exception in words:
            return True
        texts = (word[1:-1] for word in words if word[:1] in "'\"" and len(word.split()) >= _FEWEST_WORDS)
        if any(text in message for text in texts):
            return True
    return False


def met_by_passing(scene: Scene, error: PrintedError) -> bool:
    """Whether passing tests that were watched line by line meet an error too: several run the ``raise``, or all that
    come to the ``try`` run its ``except``.
    """
    watched = scene.suite.execution.lines if scene.suite.execution else ()
    passing = [one.files for one in watched if not one.failure]
    raised, caught = error.places[0], error.places[-1]
    raising = _running(passing, raised) if scene.declarations.line(raised).lstrip().startswith("raise ") else []
    handled = inventory.handled_at(scene.declarations.reading.trees, caught)
    trying = _running(passing, caught) if handled else []
    return len(raising) >= _FEW_PASSING or (
        len(trying) >= _FEW_PASSING and all(any(line in handled for line in one[caught.path]) for one in trying)
    )


def _running(tests: Sequence[Mapping[str, Sequence[int]]], place: Location) -> list[Mapping[str, Sequence[int]]]:
    """Those of the tests, each given by the lines that it runs, that run the line at a place."""
    return [one for one in tests if place.line in one.get(place.path, ())]
