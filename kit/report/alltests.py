"""All tests of a case: compact data for the searchable table, and plain lists for a reader without JavaScript."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from kit.facts.failures import Phase
from kit.facts.outcomes import OUTCOMES, Outcome
from kit.facts.suite import TestResult
from kit.masking import visible
from kit.report.anchors import anchor
from kit.report.joined import Joined, group_title
from kit.report.page_data import packed
from kit.report.wording import OUTCOME_LABELS, one_line

#: without scripts a file names this many tests of an outcome: the page stays small, and incident.json has all
MOST_NAMES = 12

PHASES: tuple[Phase, ...] = ("collect", "setup", "call", "teardown")


def table_data(joined: Joined) -> Markup:
    """The tests as :func:`~kit.report.page_data.packed` JSON, a column each.

    ``ids`` are front-coded: how many characters a node id shares with the one before it, and the rest. ``outcome``
    and ``phase`` hold one character a test (an index into ``outcomes`` and ``phases``, ``-`` for none), ``ms``
    milliseconds or ``null``, ``group`` and ``cause`` indexes or ``-1``, each with how often it stands in a
    row; ``reason`` maps a test's index to words.
    """
    results = joined.facts.suite.results if joined.facts.suite else ()
    groups = {group.id: index for index, group in enumerate(joined.groups)}
    causes = {cause.id: index for index, cause in enumerate(joined.causes)}
    group_of = joined.facts.grouping.group_of if joined.facts.grouping else {}
    data = {
        "outcomes": [[outcome, OUTCOME_LABELS[outcome]] for outcome in OUTCOMES],
        "phases": PHASES,
        "groups": [
            [anchor("group", group.id), one_line(group_title(group), 90), group.category] for group in joined.groups
        ],
        "categories": [
            [key, anchor("category", key), visible(category.title)] for key, category in joined.categories.items()
        ],
        "causes": [[anchor("cause", cause.id), one_line(cause.title)] for cause in joined.causes],
        "ids": _front_coded([visible(result.nodeid) for result in results]),
        "outcome": "".join(str(OUTCOMES.index(result.outcome)) for result in results),
        "phase": "".join(str(PHASES.index(result.phase)) if result.phase else "-" for result in results),
        "ms": [None if result.seconds is None else round(result.seconds * 1000) for result in results],
        "group": _runs([groups.get(group_of.get(result.nodeid, ""), -1) for result in results]),
        "cause": _runs([causes.get(joined.cause_of_test.get(result.nodeid, ""), -1) for result in results]),
        "reason": {index: one_line(result.reason, 300) for index, result in enumerate(results) if result.reason},
    }
    return packed(data)


def _runs(values: list[int]) -> list[int]:
    return [number for value, same in groupby(values) for number in (value, sum(1 for _ in same))]


def _front_coded(names: list[str]) -> list[int | str]:
    coded: list[int | str] = []
    before = ""
    for name in names:
        shared = _shared(before, name)
        coded += [shared, name[shared:]]
        before = name
    return coded


def _shared(one: str, other: str) -> int:
    """How many characters two names begin with alike. Halving takes few comparisons, and node ids are long."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[:middle] == other[:middle]:
            least = middle
        else:
            most = middle - 1
    return least


@dataclass(frozen=True)
class FileList:
    """The tests of one file: how many by outcome, and the names of the first ones that did not pass.

    ``linked`` are node ids that other parts link to.
    """

    path: str
    tests: int
    linked: tuple[str, ...]
    outcomes: tuple[tuple[Outcome, int, tuple[str, ...]], ...]


def file_lists(results: tuple[TestResult, ...], linked: AbstractSet[str]) -> tuple[FileList, ...]:
    """Tests by file and outcome. Cases of one parametrized test stand together: ``test_price[1] [2] [3]``."""
    files: dict[str, list[TestResult]] = {}
    for result in results:
        files.setdefault(result.path, []).append(result)
    return tuple(
        FileList(
            path=path,
            tests=len(tests),
            linked=tuple(test.nodeid for test in tests if test.nodeid in linked),
            outcomes=_by_outcome(tests),
        )
        for path, tests in files.items()
    )


def _by_outcome(tests: list[TestResult]) -> tuple[tuple[Outcome, int, tuple[str, ...]], ...]:
    return tuple(
        (outcome, len(members), _names(members))
        for outcome in OUTCOMES
        if (members := [test for test in tests if test.outcome == outcome])
    )


def _names(tests: list[TestResult]) -> tuple[str, ...]:
    if tests[0].outcome == "passed":
        return ()
    split = [_split(test.nodeid) for test in tests[:MOST_NAMES]]
    return tuple(
        function + " ".join(case for _, case in cases) for function, cases in groupby(split, key=lambda part: part[0])
    )


def _split(nodeid: str) -> tuple[str, str]:
    """Function (with its class) and parameters of a node id."""
    name = nodeid.partition("::")[2] or nodeid
    function, bracket, case = name.partition("[")
    return function, bracket + case
