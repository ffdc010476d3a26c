"""Tests of a case run again on the tree as it is now: what they did before, and what they do now."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence

from kit.facts.outcomes import BAD, Outcome
from kit.facts.suite import TestResult
from kit.facts.wording import counted
from kit.frames import before_and_after
from kit.report import OUTCOME_LABELS, duration
from kit.session.charts import Bars, Series
from kit.session.reader import CaseReader
from kit.session.result import Result
from kit.suite import display_for

#: what a failing test does when it is fixed; one that is skipped or did not run shows nothing
_FIXED: frozenset[Outcome] = frozenset({"passed", "xpassed"})


def rerun(reader: CaseReader, nodeids: Sequence[str], most: int, concerned: Sequence[str] = ()) -> Result:
    """Run at most ``most`` of the tests again (all of them with 0): the first of each file come first. Then as many of
    those that passed and that an edit has ``concerned``.

    The case records nothing of it: the report still shows the state that was investigated.
    """
    chosen, others = (tuple(names) if not most else spread(names, most) for names in (nodeids, concerned))
    known = {result.nodeid: result for result in reader.suite.results}
    began = time.monotonic()
    with display_for(sys.stderr) as display:
        suite = reader.investigation.rerun(reader.suite.runnable(*chosen, *others), display)
    took = time.monotonic() - began
    before = [known.get(result.nodeid) for result in suite.results]
    frame = before_and_after(before, suite.results)
    notes = [f"Took {duration(took)}; the first call starts the suite, later ones only run what you ask for."]
    if len(chosen) < len(nodeids):
        notes.append(
            f"{len(chosen)} of {counted(len(nodeids), 'test')} ran, some of each file: `rerun(most=0)` runs all."
        )
    if concerned:
        ran = "all of them" if len(others) == len(concerned) else f"{len(others):,} of them, some of each file,"
        notes.append(f"The edit concerns {counted(len(concerned), 'test')} that passed; {ran} ran too.")
    notes += [suite.problem] if suite.problem else []
    return Result(
        _answer(before, suite.results),
        frame,
        before_and_after,
        shown=("test", "before", "now", "seconds"),
        notes=tuple(notes),
        chart=lambda: _chart(before, suite.results) if suite.results else None,
    )


def spread(nodeids: Sequence[str], most: int) -> tuple[str, ...]:
    """At most ``most`` tests, taken from all files in turn."""
    by_file: dict[str, list[str]] = {}
    for nodeid in nodeids:
        by_file.setdefault(nodeid.partition("::")[0], []).append(nodeid)
    in_turn = sorted((at, order, name) for order, names in enumerate(by_file.values()) for at, name in enumerate(names))
    return tuple(name for *_, name in in_turn[:most])


def _answer(before: Sequence[TestResult | None], after: Sequence[TestResult]) -> str:
    if not after:
        return "No test ran."
    pairs = list(zip(before, after, strict=True))
    failing = [now for one, now in pairs if one is None or one.outcome in BAD]
    broken = sum(one is not None and one.outcome not in BAD and now.outcome in BAD for one, now in pairs)
    fixed = sum(now.outcome in _FIXED for now in failing)
    others = Counter(OUTCOME_LABELS[now.outcome].lower() for now in failing if now.outcome not in BAD | _FIXED)
    parts = [f"{sum(now.outcome in BAD for now in failing)} still failing"]
    parts += [f"{count} {label}" for label, count in others.items()]
    parts += [f"{broken} failing that did not fail before"] if broken else []
    now = "passes now" if fixed == 1 else "pass now"
    return f"{fixed} of {counted(len(failing), 'failing test')} {now}; {', '.join(parts)}."


def _chart(before: Sequence[TestResult | None], after: Sequence[TestResult]) -> Bars:
    outcomes = sorted({one.outcome for one in after} | {one.outcome for one in before if one})
    rows = tuple(
        (label, tuple(float(sum(one is not None and one.outcome == outcome for one in side)) for outcome in outcomes))
        for label, side in (("before", before), ("now", after))
    )
    return Bars("Before and now", rows, tuple(Series(OUTCOME_LABELS[one].lower(), one) for one in outcomes))
