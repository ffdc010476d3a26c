"""Plants faults in public apps, one at a time, and tries kit's fixes: ``python -m tests.plant.measure_fixes FOLDER``.

The faults are those of ``tests.plant.measure``, and its ``FOLDER`` keeps the runs. For each fault whose causes have an
option with a patch, the options are tried as ``kit investigate`` does, and then the whole suite runs with those that
are recommended. A fault is fixed when each test has the outcome that it has in the healthy app. A recommendation is
wrong when a test that passed with the fault fails with the fix, or is gone.

``--app`` and ``--kind`` choose some of them, ``--seed`` other places; a second call tries all again. Without ``--kind``
it is those whose causes may have an option: the runs of others would only cost their time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kit.facts.causes import Cause
from kit.facts.fixes import FixFacts
from kit.facts.outcomes import FINE, Outcome
from kit.facts.suite import SuiteFacts
from kit.fixes import Explained, Peeling, TrialCopy, judged
from kit.fixes.trials.compare import RunOutcomes
from tests.plant import measure, runs
from tests.plant.app import Planting, held_out
from tests.plant.apps import Source, known_sources
from tests.plant.kinds import KINDS

_LIMIT_S = 600.0
#: kinds of faults whose causes may have an option
_WITH_OPTION = (
    "duplicate-class",
    "extend-existing",
    "relationship-target",
    "back-populates",
    "duplicate-index",
    "foreign-key",
    "attribute-renamed",
    "attribute-misspelled",
    "argument-renamed",
    "name-renamed",
    "module-moved",
    "circular-import",
    "missing-package",
    "naive-datetime",
    "switch-flipped",
    "fixture-renamed",
    "fixture-async",
    "plugin-misfit",
    "patch-target",
    "response-annotation",
    "router-not-included",
)


@dataclass(frozen=True)
class Score:
    """What the recommended fixes did about one fault. ``blocked`` are the tests that pass in the healthy app and not
    with the fault, ``unlocked`` those of them that pass again, ``broken`` those that passed with the fault and do not
    with the fix. ``confirmed`` is whether a cause that names no planted file was confirmed, ``None`` without any.
    """

    planting: Planting
    options: int
    recommended: tuple[str, ...]
    blocked: int
    unlocked: int
    broken: tuple[str, ...]
    confirmed: tuple[bool, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Whether the app is as healthy as before the fault."""
        return bool(self.recommended) and self.unlocked == self.blocked and not self.broken


def main() -> None:
    """Try all that are asked for, a line each, and then the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--app", action="append", help="Only this one.")
    parser.add_argument("--seed", type=int, default=1, help="Another one takes other places (default 1).")
    parser.add_argument("--kind", action="append", choices=KINDS, help="Only this one.")
    options = parser.parse_args()
    scores = []
    for source in known_sources():
        if not options.app or source.name in options.app:
            for score in _scores(source, options.folder, options.kind or _WITH_OPTION, options.seed):
                _say(_row(score))
                scores.append(score)
    for told, chosen in (
        ("tuned on", [score for score in scores if not held_out(score.planting.id)]),
        ("held out", [score for score in scores if held_out(score.planting.id)]),
        ("all", scores),
    ):
        _say(f"== {told}: {_figures(chosen)}")


def _scores(source: Source, folder: Path, kinds: Sequence[str], seed: int) -> Iterator[Score]:
    healthy = runs.investigate(source, [], folder)
    for kind in kinds:
        if found := measure.first_that_breaks(source, kind, healthy, folder, seed):
            planting, _ = found
            score = _tried(source, planting, healthy, folder)
            if score.options:
                yield score


def _tried(source: Source, planting: Planting, healthy: runs.Outcome, folder: Path) -> Score:
    """Try the options of a fault's causes; without any that can be tried no suite is run. The copy has one worker:
    tests that share a database file pass in plain order, and break each other in parallel.
    """
    with runs.planted(source, [planting], folder) as (target, options):
        faulty = runs.look(target, options, runs.kept_in(source, [planting], folder))
        first = Explained(faulty.suite, faulty.grouping, faulty.causes)
        with TrialCopy(target, replace(options, workers=1)) as copy:
            peeling = Peeling(copy, time.monotonic() + _LIMIT_S)
            facts = peeling.run(first, faulty.inventory)
            after = copy.run() if facts.layers else faulty.suite
    was, fine, now = (fine_tests(suite, healthy.suite) for suite in (faulty.suite, healthy.suite, after))
    return Score(
        planting,
        sum(option.can_be_tried for option in facts.options),
        tuple(facts.recommended.values()),
        blocked=len(fine - was),
        unlocked=len(now & (fine - was)),
        broken=tuple(sorted((was & fine) - now)),
        confirmed=tuple(_confirmed(faulty.causes, facts, planting)),
    )


def fine_tests(suite: SuiteFacts, healthy: SuiteFacts) -> frozenset[str]:
    """The tests with a fine outcome, under their ids in the healthy app. pytest writes the name of a fixture into the
    ids of its values: the variants of a function that have other ids are matched in their order.
    """
    outcomes: Mapping[str, Outcome] = RunOutcomes.of(suite, {}).outcomes
    known = RunOutcomes.of(healthy, {}).outcomes
    new, gone = _by_function(outcomes, known), _by_function(known, outcomes)
    meant = {
        one: other
        for function, tests in new.items()
        if len(tests) == len(gone.get(function, ()))
        for one, other in zip(tests, gone[function], strict=True)
    }
    return frozenset(meant.get(test, test) for test, outcome in outcomes.items() if outcome in FINE)


def _by_function(nodeids: Iterable[str], known: Container[str]) -> dict[str, list[str]]:
    """The tests that are not ``known``, by their function, in the order of their collection."""
    found: dict[str, list[str]] = {}
    for nodeid in nodeids:
        if nodeid not in known:
            found.setdefault(nodeid.partition("[")[0], []).append(nodeid)
    return found


def _confirmed(causes: Sequence[Cause], facts: FixFacts, planting: Planting) -> Iterator[bool]:
    """Of each cause that a trial confirmed, whether it is at a place of the fault."""
    for cause in judged(causes, facts):
        if cause.state == "confirmed" and facts.recommended.get(cause.id):
            yield any(place.path in planting.paths for place in cause.locations)


def _row(score: Score) -> str:
    mark = "fixed" if score.is_fixed else "WRONG" if score.broken else "-----"
    held = "h" if held_out(score.planting.id) else " "
    best = ", ".join(score.recommended) or f"none of {score.options} recommended"
    broken = f", BROKEN {', '.join(score.broken[:3])}" if score.broken else ""
    return f"{mark} {held} {score.planting.id}: {score.unlocked} of {score.blocked} pass again{broken}; {best}"


def _figures(scores: Sequence[Score]) -> str:
    fixed, recommended = sum(s.is_fixed for s in scores), sum(bool(s.recommended) for s in scores)
    confirmed = [one for score in scores for one in score.confirmed]
    parts = [
        f"{len(scores)} faults with an option, {recommended} with a recommended one",
        f"{fixed} fixed ({fixed / max(1, len(scores)):.0%}, bar 90 %)",
        f"{sum(bool(score.broken) for score in scores)} wrong recommendations (bar 0)",
        f"{sum(confirmed)} of {len(confirmed)} confirmed causes name a planted file",
    ]
    return "; ".join(parts)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
