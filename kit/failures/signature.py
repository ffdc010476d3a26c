"""What makes two failures the same.

*Strict*: root type, parameterised message, deepest frame of the target's code outside of tests, phase. *Loose*: the
same without the frame; groups are made of these. Where the message alone says little (``assert 1 == 2``, ``KeyError:
'id'``, a hang), the place stays in the loose key too: two causes in one group would hide one of them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from kit.facts.failures import Signature
from kit.facts.suite import RecheckVerdict
from kit.failures.assertions import says_little, shape_of
from kit.failures.parameterise import parameterise
from kit.failures.root import Root, place
from kit.failures.server_errors import is_server_error, without_path
from kit.failures.symptom import CRASHED, NO_EXCEPTION, TIMED_OUT, Symptom

_ASSERTIONS = frozenset({"AssertionError", "Failed", "XFailed", NO_EXCEPTION})
#: their messages tell a value and never who lacks it
_MUTE_TYPES = frozenset(
    {"KeyError", "IndexError", "ZeroDivisionError", "RecursionError", "NotImplementedError", TIMED_OUT, CRASHED}
)
_MUTE_MESSAGE = re.compile(
    r"^$|'(?:NoneType|str|int|float|bool|list|dict|tuple|set|bytes|function|method)' object"
    r"|'(?:coroutine|(?:async_)?generator)' object"
    r"|(?:unsupported operand|bad operand) type|not supported between instances of|offset-naive and offset-aware"
    r"|object is not |must be str, not|can't be used in 'await'|values to unpack|out of range"
    r"|could not convert|invalid literal for|^(?:Expecting value|Extra data)|^\d+$"
)


_NAMES_CLASS = re.compile(r"^(?:type object )?'\w+' (?:object )?has no attribute '")
#: a name without a value, which lacks it in its ``module`` or in one function of it
_UNKNOWN = re.compile(
    r"^(?:(?P<module>name) '\w+' is not defined|cannot access \w+ variable '|local variable '\w+' referenced)"
)
#: folders that hold the packages of a repository
_FOR_ALL = frozenset({"src", "lib", "apps", "packages", "services", "libs", "python", "backend"})
#: the verdicts of re-runs that divide failures of the same look
_WHEN: dict[RecheckVerdict | None, str] = {"passes_alone": "after other tests only", "flaky": "now and then"}

#: stands for the phase of an error that is a state of the process
ANY_PHASE = "any phase"


@dataclass(frozen=True)
class GroupKey:
    """The loose key. ``where`` is empty unless the place is part of it; ``phase`` may be :data:`ANY_PHASE`. ``when``
    says under which conditions only the tests fail: those that always fail have another cause.
    """

    exception: str
    message: str
    phase: str
    where: str = ""
    when: str = ""

    @property
    def id(self) -> str:
        """A short name that is the same in every run."""
        parts = [self.exception, self.message, self.phase, self.where]
        return hashlib.sha256("\0".join(parts + [self.when] * bool(self.when)).encode()).hexdigest()[:10]


def signature_of(symptom: Symptom, test_function: str) -> Signature:
    """The strict signature. ``test_function`` (``module:function``) stands in where there is no in-app frame."""
    root = symptom.root
    frame = place(root.own) if root.own else None
    if frame is None and place_matters(root):
        frame = _shared_place(symptom) or test_function
    text = _text(root.type, root.message)
    if is_server_error(root.message):
        text = " ".join([without_path(text), *([f"after {parameterise(symptom.behind)}"] if symptom.behind else [])])
    return Signature(root.type, text, frame, symptom.phase)


def _shared_place(symptom: Symptom) -> str | None:
    """One place that many tests pass through: a fixture, or the library that failed before any code of the tests ran.
    A helper that many tests assert with is none.
    """
    root = symptom.root
    if symptom.phase not in ("setup", "teardown"):
        return None
    if root.test or root.frames:
        return place(root.test or root.frames[-1])
    # pytest's own frames are left out: it asserts so in each test that comes to a fixture after that has failed
    return "pytest" if root.type == "AssertionError" and not root.message else None


def loose_key(signature: Signature, symptom: Symptom, test_function: str) -> GroupKey:
    """The key that groups are made by. A server that failed without saying why is known by the module of its client."""
    where = signature.frame or "" if place_matters(symptom.root) else _apart(symptom.root)
    if is_server_error(symptom.message) and not symptom.behind:
        where = test_function.partition(":")[0]
    when = _WHEN.get(symptom.alone, "")
    return GroupKey(signature.exception, signature.message, signature.phase, where, when)


def _apart(root: Root) -> str:
    """What keeps equal messages apart: the function of the target that raises the error itself, the application of a
    class that the message names without its module, and the module or function in which a name has no value.
    """
    own, last = root.own, root.frames[-1] if root.frames else None
    if last and last.owner != "library" and (unknown := _UNKNOWN.search(root.message)):
        return last.path if unknown["module"] else place(last)
    if own is None:
        return ""
    if root.frames and root.frames[-1] == own and own.source.startswith("raise "):
        return place(own)
    return _application(own.path) if _NAMES_CLASS.search(root.message) else ""


def _application(path: str) -> str:
    """The first folder of a path that is not one for all packages of a repository."""
    folders = path.split("/")[:-1]
    return next((folder for folder in folders if folder not in _FOR_ALL), "")


def place_matters(root: Root) -> bool:
    """Whether the message alone says too little to tell two causes apart."""
    return _says_too_little(root.type, root.message)


@lru_cache(maxsize=4096)
def _says_too_little(type_: str, message: str) -> bool:
    if type_ in _ASSERTIONS:
        return says_little(message)
    return type_ in _MUTE_TYPES or _MUTE_MESSAGE.search(message) is not None


@lru_cache(maxsize=4096)
def _text(type_: str, message: str) -> str:
    if type_ == CRASHED:
        return message  # an exit code or a signal is the meaning, not the data
    return shape_of(message) if type_ in _ASSERTIONS else parameterise(message)
