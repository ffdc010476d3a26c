"""Chooses the tests whose lines tell where failing tests differ from passing ones: a handful, run once more.

Only failures whose traceback shows no line of the app ask for it: what was raised there has its line already. Failing
tests run once more in any case; then their lines are seen. A few passing tests that are most like them run for this.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from kit.facts.failures import Failure
from kit.facts.suite import SuiteFacts
from kit.suite.run.rechecking import RerunResult
from kit.suite.select.gathering import Gathered, Place

#: this many failures are looked into, the most frequent ones
_MOST_FAILURES = 12
#: this many passing tests are looked at beside each, which share this many functions with it
_BESIDE, _FUNCTIONS = 4, 4
#: a test that takes longer is left out, in seconds
_SLOW_S = 2.0


def failing_to_watch(facts: SuiteFacts, gathered: Gathered) -> frozenset[int]:
    """The first test, by index, of each of the most frequent failures that show no line of the app."""
    first: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for index in _quick(facts, gathered, "failed"):
        failure = facts.failures.get(facts.results[index].failure or "")
        if failure and _shows_no_line(failure):
            first.setdefault(failure.id, index)
            counts[failure.id] += 1
    return frozenset(first[failure] for failure, _ in counts.most_common(_MOST_FAILURES))


def not_seen(failing: Collection[int], gathered: Gathered) -> list[int]:
    """Those of the failing tests that did not run once more."""
    return [index for index in failing if index not in gathered.lines]


def passing_beside(
    failing: Collection[int], facts: SuiteFacts, gathered: Gathered, left: Callable[[int], int]
) -> frozenset[int]:
    """The passing tests that are most like these failing ones. ``left`` returns how often a test may be started."""
    running: dict[Place, list[int]] = defaultdict(list)
    for index in _quick(facts, gathered, "passed") if failing else ():
        if left(index) > 0:
            for place in gathered.of_test[index]:
                running[place].append(index)
    in_tests = {test.path for test in facts.tests}
    found: set[int] = set()
    for index in failing:
        own = {place for place in gathered.of_test[index] if place[1] and place[0] not in in_tests}
        found |= _like(own, running)
    return frozenset(found)


def keep_alike(facts: SuiteFacts, gathered: Gathered, seen: Mapping[int, RerunResult]) -> None:
    """Forget the lines of tests that ended otherwise than before: they did something else."""
    for index in list(gathered.lines):
        known = facts.results[index]
        again = seen[index].outcome == known.outcome if index in seen else known.alone == "fails"
        if not again:
            del gathered.lines[index]


def _quick(facts: SuiteFacts, gathered: Gathered, outcome: str) -> Iterator[int]:
    for index, result in enumerate(facts.results):
        if result.outcome == outcome and index in gathered.of_test and (result.seconds or 0.0) < _SLOW_S:
            yield index


def _like(own: Collection[Place], running: Mapping[Place, Sequence[int]]) -> set[int]:
    """The passing tests that share most of the functions which few passing tests execute."""
    rare = sorted((place for place in own if place in running), key=lambda place: (len(running[place]), place))
    shared = Counter(index for place in rare[: 2 * _FUNCTIONS] for index in running[place])
    found: set[int] = set()
    for place in rare[:_FUNCTIONS]:
        near = sorted(running[place], key=lambda index: (-shared[index], index))
        found.update(near[: _BESIDE - len(found)])
    return found


def _shows_no_line(failure: Failure) -> bool:
    return not any(frame.owner == "own" for info in failure.chain for frame in info.frames)
