"""The first variable that differs where a test fails in one run and passes in another one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from kit.facts.errors import KitError
from kit.facts.history import VariableDifference
from kit.facts.places import Location
from kit.fixes import TrialCopy
from kit.masking import cleaned
from kit.target import run_probe

_LIMIT_S = 60.0

#: at most this many values of a test are compared
_MOST = 2000

#: what the probe calls the value that a function returns
_RETURNED = "return"


@dataclass(frozen=True)
class Step:
    """A variable got a value: in which function, and at which line."""

    function: str
    place: Location
    name: str
    value: str
    is_argument: bool = False


@dataclass(frozen=True)
class TracedTest:
    """How a test ended, and the values that its variables got, in the order in which that happened."""

    outcome: str
    steps: tuple[Step, ...]


def trace_test(copy: TrialCopy, test: str) -> TracedTest | None:
    """Run a test in a scratch copy and watch its variables; ``None`` where it did not run."""
    request = {
        "test": test,
        "arguments": [test, "-p", "no:cacheprovider"],
        "addopts": os.environ.get("PYTEST_ADDOPTS", ""),
        "root": str(copy.root),
        "most": _MOST,
    }
    target, records = copy.target, list[dict[str, Any]]()
    with suppress(KitError, OSError):
        records = copy.server.variables(target, request, _LIMIT_S)
        if not records:
            run = run_probe(target, "suite.variables", request, root=copy.root, timeout_s=_LIMIT_S)
            records = [*run.records]
    outcomes = [record["outcome"] for record in records if "outcome" in record]
    steps = tuple(map(_step, (record for record in records if "name" in record)))
    return TracedTest(outcomes[-1], steps) if outcomes else None


def _step(record: Mapping[str, Any]) -> Step:
    place = Location(record["path"], record["line"])
    return Step(record["function"], place, record["name"], record["value"], record["argument"])


def first_difference(bad: Sequence[Step], good: Sequence[Step], again: Sequence[Step]) -> VariableDifference | None:
    """The first variable of ``bad`` with another value than in ``good``. ``again`` is a second run of what passed: what
    differs between these two differs by chance.

    Runs are aligned by functions and variables, since lines move and variables come and go from one to the other. A
    value that only ``bad`` sets counts where ``good`` has set the variable before.
    """
    chance = {_key(one) for one, other in _beside_one_another(good, again) if one.value != other}
    for one, other in _beside_one_another(bad, good):
        if one.value != other and _key(one) not in chance:
            name = "what it returns" if one.name == _RETURNED else one.name
            value, was = (str(cleaned(f"{one.name}={text}")).partition("=")[2] for text in (one.value, other))
            return VariableDifference(name, one.function, one.place, value, was)
    return None


def beside_another(
    bad: Sequence[Step], good: Sequence[Step], again: Sequence[Step], other: str
) -> VariableDifference | None:
    """The same for two tests of one function, of which ``other`` passes: what they are called with differs on purpose,
    so arguments do not count.
    """
    found = first_difference(*([one for one in steps if not one.is_argument] for steps in (bad, good, again)))
    return replace(found, beside=other) if found else None


def _key(step: Step) -> tuple[str, str]:
    return step.function, step.name


def _beside_one_another(left: Sequence[Step], right: Sequence[Step]) -> Iterator[tuple[Step, str]]:
    """The steps of ``left``, each with the value that the variable has then in ``right``; without those that have none
    there.
    """
    matcher = SequenceMatcher(None, [_key(one) for one in left], [_key(one) for one in right], autojunk=False)
    last: dict[tuple[str, str], str] = {}
    for _, start, end, other_start, other_end in matcher.get_opcodes():
        steps = right[other_start:other_end]
        for at, one in enumerate(left[start:end]):
            if at < len(steps) and _key(steps[at]) == _key(one):
                last[_key(one)] = steps[at].value
            if _key(one) in last:
                yield one, last[_key(one)]
        last |= {_key(one): one.value for one in steps}
