"""Which failing tests ask whether an object has died: what watches states keeps some objects until its next look.

Lists, dictionaries, functions and classes cannot be referred to weakly, or not everywhere. Such a test passes alone and
in plain order as soon as no state is watched. Whether its code can ask at all tells it from one that fails by chance.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kit.suite.run.hidden_victims import Asking
from kit.suite.run.rechecking import RerunResult
from kit.suite.run.state_log import StateLog

#: code that sees whether an object is alive has one of these names
_NAMES = (
    "weakref",
    "gc",
    "finalize",
    "getrefcount",
    "ResourceWarning",
    "WeakKeyDictionary",
    "WeakSet",
    "WeakValueDictionary",
    "__del__",
)


def asking_for_objects(
    doubtful: Collection[int], plain: Mapping[int, RerunResult], asking: Asking, log: StateLog, until: float
) -> frozenset[int]:
    """Those of the ``doubtful`` tests that pass in the ``plain`` run, and whose code can see that objects are alive."""
    passing = frozenset(index for index in doubtful if index in plain and not plain[index].is_bad)
    if not passing:
        return passing
    log.readers = []
    asking.names((_NAMES,), until)
    return passing.intersection(*log.readers) if log.readers else frozenset()
