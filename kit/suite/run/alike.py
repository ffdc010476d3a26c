"""What makes failures of several tests alike."""

from __future__ import annotations

import re
from collections import Counter

from kit.facts.failures import Failure
from kit.facts.suite import SuiteFacts

_NUMBER = re.compile(r"\d+")

#: a failure that more tests than this show comes of the code, and not of the tests before each of them
_MOST_ALIKE = 20


def look_of(failure: Failure) -> object:
    """What makes two failures look alike: the phase, and of each exception the type, the message without its numbers,
    and where it was raised: the deepest line outside of libraries.
    """
    return failure.phase, tuple(
        (
            info.type,
            _NUMBER.sub("0", info.message),
            next(((one.path, one.line) for one in reversed(info.frames) if one.owner != "library"), None),
        )
        for info in failure.chain
    )


def way_of(failure: Failure) -> object:
    """What is the same wherever a test fails for one reason: the exceptions, and the deepest function outside of
    libraries. Messages and lines may tell of numbers and depths.
    """
    frames = [frame for frame in failure.chain[-1].frames if frame.owner != "library"] if failure.chain else []
    return [info.type for info in failure.chain], [(frame.path, frame.function) for frame in frames[-1:]]


def kind_of(failure: Failure) -> tuple[str, str]:
    """What two failures have in common that come of one thing: the type, and for an assertion what it says."""
    raised = failure.chain[-1]
    return raised.type, raised.message if raised.type == "AssertionError" else ""


def failing_alike(facts: SuiteFacts) -> frozenset[int]:
    """The tests, by their place, whose failure many tests show."""
    roots = {identity: (one.chain[-1].type, one.chain[-1].message) for identity, one in facts.failures.items()}
    shown = [roots.get(result.failure or "") for result in facts.results]
    counts = Counter(root for root in shown if root is not None)
    return frozenset(index for index, root in enumerate(shown) if root is not None and counts[root] > _MOST_ALIKE)
