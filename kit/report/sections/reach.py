"""How far the module at fault reaches: the files that load it, and how failing and passing tests differ in that."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.modules import Reached
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.report.joined import Joined
from kit.report.reach_chart import reach_chart
from kit.report.wording import number


@dataclass(frozen=True)
class ReachView:
    """``finding`` is what the chart shows; ``tests`` says which tests load the module (empty: none ran)."""

    module: str
    chart: Markup
    finding: str
    tests: str


def reach(joined: Joined) -> ReachView | None:
    """The reach of the module of the first cause that has one; ``None`` if no file loads that module."""
    inventory = joined.facts.inventory
    known = {one.path: one for one in inventory.reached} if inventory else {}
    named = [known[place.path] for cause in joined.causes for place in cause.locations if place.path in known]
    found = next((one for one in named if one.direct or one.indirect or one.test_files), None)
    if found is None:
        return None
    finding = _finding(found)
    rows = [
        ("Files that import it", len(found.direct)),
        ("Files that load it through others", len(found.indirect)),
        ("Test files that load it", len(found.test_files)),
    ]
    suite = joined.facts.suite
    return ReachView(found.module, reach_chart(rows, finding), finding, _tests(found, suite) if suite else "")


def _finding(found: Reached) -> str:
    files, tests = len(found.direct) + len(found.indirect), len(found.test_files)
    loads = "loads" if files + tests == 1 else "load"
    return f"{counted(files, 'file')} and {counted(tests, 'test file')} {loads} {found.module}"


def _tests(found: Reached, suite: SuiteFacts) -> str:
    files = frozenset(found.test_files)
    failing = [one.path in files for one in suite.results if one.outcome in BAD]
    passing = [one.path in files for one in suite.results if one.outcome == "passed"]
    where = "in a test file that loads it"
    if not failing:
        return f"{_part(passing, 'passing')} {where}."
    if len(failing) > 1 < len(passing) and all(failing) and all(passing):
        both = f"All {number(len(failing))} failing tests and all {number(len(passing))} passing ones"
        return f"{both} are in test files that load it: this does not tell them apart."
    told = f"{_part(failing, 'failing')} {where}"
    fine = sum(passing)
    return f"{told}; {number(fine)} of {number(len(passing))} passing ones {'is' if fine == 1 else 'are'}."


def _part(tests: list[bool], kind: str) -> str:
    if all(tests) and len(tests) > 1:
        return f"All {number(len(tests))} {kind} tests are"
    return f"{number(sum(tests))} of {counted(len(tests), f'{kind} test')} {'is' if sum(tests) == 1 else 'are'}"
