"""Plants faults in public apps, one at a time and two to five at once, and scores what kit makes of them.

``python -m tests.plant.measure FOLDER [APP…]`` fetches the apps below ``FOLDER`` (see ``apps.toml``), keeps every run
there, and prints a line a planting, then the figures: of those that kit was tuned on, and of the third that it was not.
A second call runs only what is new. ``--tuned-on`` tells nothing of that third, for who is tuning.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.facts.causes import Cause
from tests.plant.app import Planting, held_out
from tests.plant.apps import Source, known_sources
from tests.plant.choosing import candidates, sets_of
from tests.plant.kinds import KINDS
from tests.plant.runs import Outcome, investigate
from tests.plant.scores import (
    adjusted_rand_index,
    all_named,
    all_show,
    labels_of,
    names_file,
    names_line,
    wrong_merges,
)

#: so many places are tried until one breaks something, and so many sets are planted in an app
_TRIES, _SETS = 3, 6


@dataclass(frozen=True)
class Score:
    """What is counted of one set of plantings. ``index`` is ``None`` where fewer than two of them show."""

    plantings: tuple[Planting, ...]
    failures: int
    labelled: int
    merged: int
    merged_causes: int
    by_group: float | None
    by_cause: float | None
    file: bool
    line: bool
    uncategorised: int
    unexplained: int

    @property
    def held_out(self) -> bool:
        """Whether nothing was tuned on it."""
        return held_out("+".join(planting.id for planting in self.plantings))


def main(arguments: Sequence[str]) -> None:
    options = _options(arguments)
    scores = []
    for source in known_sources():
        if not options.apps or source.name in options.apps:
            for score, row in _measure(source, options):
                scores.append(score)
                if not (options.tuned_on and score.held_out):
                    _say(row)
    tuned_on, held = ([score for score in scores if score.held_out is out] for out in (False, True))
    _say(f"== tuned on: {_figures(tuned_on)}")
    if not options.tuned_on:
        _say(f"== held out: {_figures(held)}")
        _say(f"== all: {_figures(scores)}")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.plant.measure", description="Score kit on planted faults.")
    parser.add_argument("folder", type=Path, help="keeps the apps and every run")
    parser.add_argument("apps", nargs="*", help="names of apps.toml, or demo; all without one")
    parser.add_argument("--seed", type=int, default=1, help="another one takes other places (default 1)")
    parser.add_argument("--sets", type=int, default=_SETS, help=f"sets of several faults in an app (default {_SETS})")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this one")
    parser.add_argument("--tuned-on", action="store_true", help="say nothing of what is held out")
    return parser.parse_intermixed_args(arguments)


def _measure(source: Source, options: argparse.Namespace) -> Iterator[tuple[Score, str]]:
    healthy = investigate(source, [], options.folder)
    alone: dict[Planting, Outcome] = {}
    for kind in options.kind or KINDS:
        if found := first_that_breaks(source, kind, healthy, options.folder, options.seed):
            planting, outcome = found
            alone[planting] = outcome
            yield _score(source, (planting,), outcome, alone, healthy)
    told = 0
    for chosen in sets_of(list(alone), options.seed, wanted=options.sets):
        if told == options.sets:
            break
        if _all_show(chosen, alone, healthy):
            told += 1
            yield _score(source, chosen, investigate(source, chosen, options.folder), alone, healthy)


def first_that_breaks(
    source: Source, kind: str, healthy: Outcome, folder: Path, seed: int
) -> tuple[Planting, Outcome] | None:
    """The first place of a kind whose planting breaks a test, with what kit made of it."""
    for _, planting in zip(range(_TRIES), candidates(source.read(folder), kind, seed), strict=False):
        outcome = investigate(source, [planting], folder)
        if outcome.ways.keys() - healthy.ways.keys():
            return planting, outcome
    return None


def _all_show(chosen: Sequence[Planting], alone: dict[Planting, Outcome], healthy: Outcome) -> bool:
    """Whether each shows something beside the others: else one hides another, and nothing is to part."""
    return all_show([alone[planting].ways.keys() - healthy.ways.keys() for planting in chosen])


def _score(
    source: Source,
    plantings: tuple[Planting, ...],
    outcome: Outcome,
    alone: dict[Planting, Outcome],
    healthy: Outcome,
) -> tuple[Score, str]:
    ways = {planting: alone[planting].ways for planting in plantings}
    labels = labels_of(outcome.ways, ways, healthy.ways)
    new = outcome.ways.keys() - healthy.ways.keys()
    causes = [cause for cause in outcome.causes if _is_new(cause, healthy)]
    shown = [planting for planting in plantings if planting in labels.values()]
    several = len(set(labels.values())) > 1
    kinds = {cause.id: cause.kind for cause in causes}
    category = {name: group.category for group in outcome.grouping.groups for name in (*group.tests, *group.files)}
    score = Score(
        plantings=plantings,
        failures=len(new),
        labelled=len(labels),
        merged=wrong_merges(labels, outcome.grouping.group_of),
        merged_causes=wrong_merges(labels, outcome.cause_of),
        by_group=adjusted_rand_index(labels, outcome.grouping.group_of) if several else None,
        by_cause=adjusted_rand_index(labels, outcome.cause_of) if several else None,
        file=all_named(causes, shown) if len(plantings) > 1 else _first(causes, plantings[0], names_file),
        line=_first(causes, plantings[0], names_line),
        uncategorised=sum(category.get(name) == "unexplained" for name in new),
        unexplained=sum(kinds.get(outcome.cause_of.get(name, "")) == "failure-group" for name in new),
    )
    return score, _row(score, causes, outcome)


def _is_new(cause: Cause, healthy: Outcome) -> bool:
    """Whether a cause is none that the healthy app has already."""
    broken = {*cause.tests, *cause.uncollectable}
    return bool(broken - healthy.ways.keys()) or cause.id not in {known.id for known in healthy.causes}


def _first(causes: Sequence[Cause], planting: Planting, fits: Callable[[Cause, Planting], bool]) -> bool:
    return bool(causes) and fits(causes[0], planting)


def _row(score: Score, causes: Sequence[Cause], outcome: Outcome) -> str:
    planted = " + ".join(planting.id for planting in score.plantings)
    first = f"{causes[0].id[:70]} @ {' '.join(map(str, causes[0].locations[:2]))}" if causes else "no cause"
    marks = f"{'F' if score.file else '-'}{'L' if score.line else '-'}{'h' if score.held_out else ' '}"
    index = f" group {score.by_group:.2f} cause {score.by_cause:.2f}" if score.by_cause is not None else ""
    merged = f" MERGED {score.merged}/{score.merged_causes}" if score.merged_causes else ""
    counts = f"{score.failures} bad, {score.labelled} labelled, {len(causes)} causes{index}{merged}"
    return f"{marks} {planted}: {counts}; first: {first}"


def _figures(scores: Sequence[Score]) -> str:
    single = [score for score in scores if len(score.plantings) == 1]
    several = [score for score in scores if len(score.plantings) > 1]
    labelled = sum(score.labelled for score in scores)
    failures = sum(score.failures for score in scores)
    merged, merged_causes = sum(score.merged for score in scores), sum(score.merged_causes for score in scores)
    parts = [
        f"{len(single)} single of {len({score.plantings[0].kind for score in single})} kinds",
        f"file {_share(score.file for score in single)}, line {_share(score.line for score in single)}",
        f"{len(several)} sets, all named in the first n + 1 {_share(score.file for score in several)}",
        f"index by cause {_spread(score.by_cause for score in several)}",
        f"by group {_spread(score.by_group for score in several)}",
        f"wrong merges {merged_causes} of {labelled} by cause, {merged} by group",
        f"{failures} failures, {labelled} labelled",
        f"{sum(score.uncategorised for score in scores)} in no category",
        f"{sum(score.unexplained for score in scores)} named by their group only",
    ]
    return "; ".join(parts)


def _share(values: Iterable[bool]) -> str:
    told = list(values)
    return f"{sum(told)} of {len(told)} ({sum(told) / len(told):.0%})" if told else "none"


def _spread(values: Iterable[float | None]) -> str:
    told = [value for value in values if value is not None]
    return f"median {statistics.median(told):.2f}, worst {min(told):.2f} ({len(told)})" if told else "none"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
