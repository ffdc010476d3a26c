"""Which faults are planted where: the same for the same seed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import combinations
from random import Random

from tests.plant.app import App, Planting
from tests.plant.kinds import KINDS


def candidates(app: App, kind: str, seed: int) -> Iterator[Planting]:
    """All places for a kind in an app, shuffled; only what Python can still parse, unless that is the fault."""
    found = [one for one in KINDS[kind](app) if kind == "syntax-error" or _parses(one)]
    Random(f"{seed}/{app.name}/{kind}").shuffle(found)
    return iter(found)


def sets_of(plantings: Sequence[Planting], seed: int, *, wanted: int) -> Iterator[tuple[Planting, ...]]:
    """Two to five plantings of one app, in different files; every third set is a pair of one kind or of one family.

    ``plantings`` are those that broke something alone.
    """
    random = Random(f"{seed}/{plantings[0].app}" if plantings else "")
    pairs = [pair for pair in combinations(plantings, 2) if _apart(pair)]
    alike = [pair for pair in pairs if _family(pair[0].kind) == _family(pair[1].kind)]
    random.shuffle(alike)
    seen: set[tuple[str, ...]] = set()
    for number in range(4 * wanted):
        if number % 3 == 0 and alike:
            chosen: tuple[Planting, ...] = alike.pop()
        else:
            chosen = tuple(random.sample(plantings, min(2 + number % 4, len(plantings))))
        key = tuple(sorted(one.id for one in chosen))
        if len(chosen) > 1 and _apart(chosen) and key not in seen:
            seen.add(key)
            yield chosen


#: kinds whose failures have one exception type
_FAMILIES = (
    ("missing-package", "module-moved", "plugin-missing"),
    ("name-renamed", "circular-import"),
    ("environment-variable", "module-error", "key-missing"),
    ("attribute-misspelled", "none-used", "patch-target"),
    ("route-renamed", "router-not-included", "route-method", "wrong-constant", "condition-negated", "switch-flipped"),
    ("relationship-target", "back-populates", "foreign-key", "duplicate-class", "extend-existing"),
    ("tables-not-created", "duplicate-index"),
)


def _family(kind: str) -> str:
    return next((family[0] for family in _FAMILIES if kind in family), kind)


def _apart(plantings: Sequence[Planting]) -> bool:
    """Whether no two edit one file."""
    return sum(len(one.paths) for one in plantings) == len({path for one in plantings for path in one.paths})


def _parses(planting: Planting) -> bool:
    try:
        for _, text in planting.edits:
            ast.parse(text or "")
    except SyntaxError:
        return False
    return True
