"""The case in one paragraph, its numbers as tiles, and the outcome bar."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.outcomes import Outcome
from kit.facts.suite import Accounting
from kit.facts.wording import counted
from kit.report import commands
from kit.report.charts import Bar, fixed_bar, outcome_bar
from kit.report.joined import Joined
from kit.report.kept import KeptFixes, kept_fixes
from kit.report.status import impact_of
from kit.report.wording import duration, enumeration, number, one_line, share, tests_and_files


@dataclass(frozen=True)
class Tile:
    """One number. Followed, it shows the tests of its ``outcome`` or ``cause`` (an id) in the table of all tests."""

    label: str
    value: int | None
    note: str = ""
    outcome: str = ""
    cause: str = ""


@dataclass(frozen=True)
class Summary:
    """``paragraph`` is made of whole sentences; ``notes`` are what a reader must know before trusting the numbers."""

    paragraph: tuple[str, ...]
    notes: tuple[str, ...]
    tiles: tuple[Tile, ...]
    bar: Bar | None
    after: Bar | None
    finding: str
    run: str


def view(joined: Joined) -> Summary:
    """The executive summary."""
    facts, accounting = joined.facts, joined.accounting
    problem = (facts.suite.problem,) if facts.suite and facts.suite.problem else ()
    kept = kept_fixes(joined)
    return Summary(
        paragraph=tuple(_sentences(joined)),
        notes=(*problem, *facts.case.target.warnings),
        tiles=_tiles(joined, accounting) if accounting else (),
        bar=outcome_bar(accounting, kept.collected if kept else 0) if accounting and accounting.collected else None,
        after=fixed_bar(kept.passed, kept.collected, accounting.collected, kept.failing)
        if kept and accounting
        else None,
        finding=_finding(accounting, kept) if accounting else "",
        run=commands.run(facts.case),
    )


def _finding(accounting: Accounting, kept: KeptFixes | None) -> str:
    """What the bars show."""
    if kept:
        return kept.finding(accounting)
    return f"{share(accounting.passed, accounting.collected)} of the collected tests pass"


def _tiles(joined: Joined, accounting: Accounting) -> tuple[Tile, ...]:
    tiles = [
        Tile("collected", accounting.collected),
        Tile("executed", accounting.executed, share(accounting.executed, accounting.collected)),
        Tile("passed", accounting.passed, share(accounting.passed, accounting.collected), outcome="passed"),
        Tile("failed", accounting.failed, share(accounting.failed, accounting.collected), outcome="failed"),
        Tile("errors", accounting.error, share(accounting.error, accounting.collected), outcome="error"),
    ]
    if joined.causes:
        first = joined.causes[0]
        blocked = share(first.tests_blocked, accounting.collected)
        tiles.append(Tile("blocked by the first cause", first.tests_blocked, blocked, cause=first.id))
        tiles.append(_unlocked(joined))
    return tuple(tiles)


def _unlocked(joined: Joined) -> Tile:
    """What the fixes unlock that were tried one after the other."""
    kept = kept_fixes(joined)
    if kept is None:
        return Tile("unlocked by a fix", None, "not measured")
    note = f"and {number(kept.newly_collected)} newly collected" if kept.newly_collected else ""
    return Tile(f"unlocked by {counted(len(kept.options), 'fix', 'fixes')}", kept.unlocked, note)


def _sentences(joined: Joined) -> list[str]:
    return [*_suite_sentences(joined), *_cause_sentences(joined), *_waiting_sentences(joined)]


#: how tests ended, by the rows of the accounting, as the end of a sentence
_ENDED: dict[Outcome, str] = {
    "passed": "passed",
    "failed": "failed",
    "error": "ended in an error",
    "timed_out": "timed out",
    "crashed": "crashed",
    "skipped": "skipped",
    "xfailed": "failed as expected",
    "xpassed": "passed against expectation",
}


def _suite_sentences(joined: Joined) -> list[str]:
    suite, accounting = joined.facts.suite, joined.accounting
    if suite is None or accounting is None:
        return ["The test suite was not run."]
    took = f" in {duration(suite.seconds)}" if suite.seconds is not None else ""
    outcomes = [f"{number(tests)} {said}" for name, said in _ENDED.items() if (tests := getattr(accounting, name))]
    told = f": {enumeration(outcomes)}" if outcomes else ""
    executed = "all" if accounting.collected == accounting.executed > 1 else number(accounting.executed)
    were = "was" if accounting.collected == 1 else "were"
    sentences = [f"{counted(accounting.collected, 'test')} {were} collected and {executed} executed{took}{told}."]
    if suite.collection_errors:
        sentences.append(f"{counted(len(suite.collection_errors), 'file')} could not be collected.")
    return sentences


def _cause_sentences(joined: Joined) -> list[str]:
    facts = joined.facts
    if not joined.causes:
        return ["No cause is named."] if facts.causes is not None else ["Causes were not looked for."]
    first = joined.causes[0]
    after = facts.case.named_after.get(first.id)
    named = f", named {duration(after)} after the start" if after is not None else ""
    named_causes = sum(cause.state != "unknown" for cause in joined.causes)
    unnamed = len(joined.causes) - named_causes
    told = f"{counted(named_causes, 'cause')} {'is' if named_causes == 1 else 'are'} named"
    told += (
        f"; {counted(unnamed, 'more group')} of failures {'has' if unnamed == 1 else 'have'} none" if unnamed else ""
    )
    sentences = [
        f"{told}.",
        f"The one to fix first{named}: {one_line(first.title)} ({impact_of(first, joined.accounting)}).",
    ]
    hidden = joined.hidden_by(first)
    if hidden:
        titles = enumeration(one_line(cause.title) for cause in hidden)
        sentences.append(f"It hides {counted(len(hidden), 'further cause')}: {titles}.")
    left = [group for group in joined.groups if group.id not in joined.cause_of_group]
    if left:
        tests, files = sum(group.count for group in left), sum(len(group.files) for group in left)
        have = "has" if tests + files == 1 else "have"
        sentences.append(f"{tests_and_files(tests, files)} in {counted(len(left), 'group')} {have} no named cause.")
    return sentences


def _waiting_sentences(joined: Joined) -> list[str]:
    waiting = [f'"{one_line(collision.name)}"' for collision in joined.collisions if collision.loaded is False]
    if not waiting:
        return []
    told = f"{counted(len(waiting), 'collision')} of mapped classes {'waits' if len(waiting) == 1 else 'wait'}"
    return [f"{told} ({enumeration(waiting)}): no collected test imports both classes yet; one that does will fail."]
