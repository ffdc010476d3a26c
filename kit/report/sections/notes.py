"""Why it happens, which other options there are, and what the fixes change for production."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kit.facts.fixes import Check, FixOption, Trial
from kit.report.joined import Joined
from kit.report.kept import kept_fixes
from kit.report.patterns import Pattern, patterns_of
from kit.report.sections.missing import Missing
from kit.report.wording import number, one_line

#: the checks that say what production would notice, each with what it is about
_PRODUCTION = {"imports": "import paths", "schema": "database schema", "routes": "API routes"}
ABOUT = tuple(_PRODUCTION.values())


@dataclass(frozen=True)
class Alternative:
    """An option that was not chosen, and what it was measured to do, or why it was not tried."""

    cause: str
    option: FixOption
    result: str


@dataclass(frozen=True)
class Safety:
    """What the checks found for one fix, in the order of :data:`ABOUT`."""

    fix: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class TechnicalNotes:
    """``pattern`` is that of the first cause which has one."""

    pattern: Pattern | None
    pattern_of: str
    alternatives: tuple[Alternative, ...]
    safety: tuple[Safety, ...]
    about: tuple[str, ...] = ABOUT


def view(joined: Joined) -> TechnicalNotes | Missing:
    """The technical notes."""
    found = [(one, cause) for cause in joined.causes for one in patterns_of([cause])]
    pattern, cause = found[0] if found else (None, None)
    alternatives, safety = tuple(_alternatives(joined)), tuple(_safety(joined))
    if not (pattern or alternatives or safety):
        return Missing("There is no note on the causes of this case.")
    return TechnicalNotes(pattern, cause.title if cause else "", alternatives, safety)


def _alternatives(joined: Joined) -> Iterator[Alternative]:
    facts, kept = joined.facts.fixes, kept_fixes(joined)
    if facts is None:
        return
    chosen = {option.id for option in kept.options} if kept else set()
    first = facts.first_trials
    for option in facts.options:
        if option.id not in chosen:
            cause = joined.cause_by_id.get(option.cause)
            yield Alternative(cause.title if cause else option.cause, option, _result(option, first.get(option.id)))


def _result(option: FixOption, trial: Trial | None) -> str:
    if trial and trial.comparison:
        found = trial.comparison
        parts = (
            (len(found.unlocked), "unlocked"),
            (sum(found.unmasked.values()), "unmasked"),
            (len(found.broken), "broken"),
        )
        return ", ".join(f"{number(tests)} {what}" for tests, what in parts)
    if trial and trial.problem:
        return one_line(trial.problem, 200)
    return option.obstacle or "not tried"


def _safety(joined: Joined) -> Iterator[Safety]:
    facts, kept = joined.facts.fixes, kept_fixes(joined)
    if facts is None or kept is None:
        return
    first = facts.first_trials
    for number_, option in enumerate(kept.options, start=1):
        trial = first.get(option.id)
        checks: dict[str, str] = {check.name: _found(check) for check in trial.checks} if trial else {}
        yield Safety(f"{number_}. {option.title}", tuple(checks.get(name, "not measured") for name in _PRODUCTION))


def _found(check: Check) -> str:
    if check.holds is None:
        return "not measured"
    if check.holds:
        return "no change found"
    return f"changes: {one_line(check.detail, 200)}" if check.detail else "changes"
