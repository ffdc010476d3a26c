"""``kit verify``: whether what a case has found is fixed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import click

from kit import case as cases
from kit import suite
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import resumable, say, show_head
from kit.facts.case import CaseFacts, Part
from kit.facts.causes import Cause
from kit.facts.errors import TargetError, UsageError
from kit.facts.outcomes import BAD, Outcome
from kit.facts.wording import counted
from kit.fixes import RunOutcomes, compare
from kit.report import tests_and_files

_PARTS: tuple[Part, ...] = ("suite", "diagnosis", "fixes")
_NAMED_AT_MOST = 10


@dataclass(frozen=True)
class _Verdict:
    """Which of the judged causes are left, and which tests broke or are gone meanwhile. ``unlocked`` are all tests that
    failed before and pass now, ``others`` the causes that were not judged and are still there. ``newly`` counts tests
    that were not collected before, by outcome.
    """

    left: tuple[Cause, ...]
    unlocked: frozenset[str]
    broken: tuple[str, ...]
    gone: tuple[str, ...]
    others: tuple[Cause, ...] = ()
    newly: Mapping[Outcome, int] = field(default_factory=dict)

    @property
    def is_resolved(self) -> bool:
        return not self.left and not self.broken and not self.gone


@click.command()
@click.argument("case")
@click.argument("causes", nargs=-1, metavar="[CAUSE]...")
@reports_options
def command(case: str, causes: tuple[str, ...], reports_dir: str, store_url: str) -> int:
    """Investigate the app of CASE again as it is now, as a new case, and say whether its causes are RESOLVED.

    Judged are each CAUSE that is named, or else those with a recommended fix, or else the first one: resolved means
    that they are gone and that no test broke.
    """
    earlier = cases.Investigation.resume(case, cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url))
    before = earlier.store.load(case, _PARTS)
    options = replace(earlier.options, target=earlier.target.root, case="", reports_dir=str(earlier.reports))
    earlier.store.close()
    judged = _judged(before, causes)
    now = _investigated(options, reports_dir, store_url)
    return _told(_verdict(before, now, judged), judged)


def _judged(before: CaseFacts, names: tuple[str, ...]) -> tuple[Cause, ...]:
    """The causes to look for."""
    if before.suite is None or not before.suite.says_something:
        raise UsageError(f'No test of the case "{before.case.id}" was run, so there is nothing to compare with.')
    known = {cause.id: cause for cause in before.causes or ()}
    if missing := [name for name in names if name not in known]:
        raise UsageError(f'There is no cause "{missing[0]}" in this case. It has: {", ".join(known) or "none"}.')
    fixed = [layer.cause for layer in before.fixes.layers if layer.cause in known] if before.fixes else []
    chosen = names or fixed or list(known)[:1]
    if not chosen:
        raise UsageError(f'The case "{before.case.id}" has no cause that could be verified.')
    return tuple(known[name] for name in chosen)


def _investigated(options: cases.CaseOptions, reports_dir: str, store_url: str) -> CaseFacts:
    with resumable("investigate", {"reports_dir": reports_dir, "store_url": store_url}) as work:
        investigation = work.open(options)
        show_head(investigation)
        investigation.map_registry()
        with suite.display_for(sys.stderr) as display:
            ran = investigation.run_tests(display)
    if ran.problem and not ran.tests:
        raise TargetError(f"The suite did not start, so nothing is known about the fix: {ran.problem}")
    investigation.diagnose(ran)
    facts = investigation.facts
    investigation.store.close()
    return facts


def _verdict(before: CaseFacts, now: CaseFacts, judged: tuple[Cause, ...]) -> _Verdict:
    assert before.suite is not None
    assert now.suite is not None
    there = {cause.id for cause in now.causes or ()}
    found = compare(RunOutcomes.of(before.suite, {}), RunOutcomes.of(now.suite, {}))
    left = tuple(cause for cause in judged if cause.id in there)
    names = {cause.id for cause in before.causes or ()} - {cause.id for cause in judged}
    others = tuple(cause for cause in now.causes or () if cause.id in names)
    return _Verdict(left, frozenset(found.unlocked), found.broken, found.gone, others, found.newly_collected)


def _told(verdict: _Verdict, judged: tuple[Cause, ...]) -> ExitCode:
    for cause in judged:
        unlocked = sum(test in verdict.unlocked for test in cause.tests)
        pass_now = f" ({unlocked:,} of {counted(cause.tests_blocked, 'test')} pass now)"
        state = "still there" if cause in verdict.left else "gone"
        say(f"{state}: {cause.title}{pass_now if cause.tests else ''}")
    for word, tests in (("broken", verdict.broken), ("no longer collected", verdict.gone)):
        for test in tests[:_NAMED_AT_MOST]:
            say(f"{word}: {test}")
        if len(tests) > _NAMED_AT_MOST:
            say(f"{word}: {counted(len(tests) - _NAMED_AT_MOST, 'more test')}")
    _name(f"not judged, still there: {_with_size(cause)}" for cause in verdict.others)
    rest = f"; {counted(len(verdict.others), 'other cause')} still there" if verdict.others else ""
    failing = sum(number for outcome, number in verdict.newly.items() if outcome in BAD)
    rest += f"; {_collected(sum(verdict.newly.values()), failing)}" if verdict.newly else ""
    if verdict.is_resolved:
        click.echo(f"RESOLVED: {counted(len(judged), 'cause')} gone, no test broken{rest}")
        return ExitCode.NOTHING_FOUND
    parts = [f"{counted(len(verdict.left), 'cause')} of {len(judged):,} still there"] if verdict.left else []
    parts += [f"{counted(len(verdict.broken), 'test')} broken"] if verdict.broken else []
    parts += [f"{counted(len(verdict.gone), 'test')} no longer collected"] if verdict.gone else []
    click.echo(f"NOT RESOLVED: {', '.join(parts)}{rest}")
    return ExitCode.FOUND


def _collected(tests: int, failing: int) -> str:
    told = (
        f"{counted(tests, 'test')} {'is' if tests == 1 else 'are'} collected that {'was' if tests == 1 else 'were'} not"
    )
    return f"{told}, {failing:,} of them fail{'s' if failing == 1 else ''}" if failing else told


def _name(lines: Iterable[str]) -> None:
    every = list(lines)
    for line in every[:_NAMED_AT_MOST]:
        say(line)
    if len(every) > _NAMED_AT_MOST:
        say(f"and {len(every) - _NAMED_AT_MOST:,} more")


def _with_size(cause: Cause) -> str:
    return f"{cause.title} ({tests_and_files(len(cause.tests), len(cause.uncollectable))})"
