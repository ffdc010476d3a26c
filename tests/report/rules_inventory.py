"""Rules for the words about mapped classes, collisions, importers and modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from kit.facts.outcomes import BAD
from tests.report.known import Known
from tests.report.words import Rule, rule


def rules(known: Known) -> Iterator[Rule]:
    """The rules of this part."""
    for part in (_inventory,):
        yield from part(known)


def _inventory(known: Known) -> Iterator[Rule]:
    collisions = known.incident["collisions"] or []
    waiting = sum(one["loaded"] is False for one in collisions)
    yield rule(r"<n> names? answers? to more than one", len(collisions))
    yield rule(r"; <n> of them waits?:", waiting)
    yield rule(
        r"<n> classes(?:; (?:<n> columns?)?(?: and )?(?:<n> relationships?)? that differ)?",
        *map(_differ, known.collisions),
    )
    parties = [party for one in collisions for party in one["classes"]]
    counts = [(len(one["columns"]), len(one["relationships"])) for one in (*known.mapped, *parties)]
    yield rule(r"with <n> columns? and <n> relationships?", *counts)
    yield rule(r"\| <n> \| <n> \| (?:source|run time)", *counts)
    yield rule(r"^Importers((?: \| \d[\d,]*)+)$", *(row for one in collisions for row in _rows(one["classes"])))
    scored = [(f"{cell['value']:,}", f"{cell['points']:.2f}") for one in parties for cell in one["score"] or ()]
    yield rule(r"<n> · (\d+\.\d\d) points", *scored)
    yield rule(
        r"^Points in all((?: \| \d+\.\d\d)+)$",
        *(
            "".join(f" | {sum(cell['points'] for cell in party['score'] or ()):.2f}" for party in parties_of)
            for one in collisions
            for parties_of in permutations(one["classes"])
        ),
    )
    yield rule(r"^\w+ \| ◆ \| \w+ \| <n> \| (?:primary|duplicate|own table)", *(one["importers"] for one in parties))
    yield rule(r"<n> mapped class(?:es)?(?:$|, environment)", len(known.mapped))
    yield rule(r"^Mapped classes: <n>$", len(known.mapped))
    by_module = Counter(
        (one["module"], one["role"], one["scope"])
        for one in {(i["module"], i["path"], i["line"]): i for i in known.incident["importers"] or ()}.values()
    )
    modules = {module for module, _, _ in by_module}
    places = sum(by_module.values())
    yield rule(r"<n> importers? of <n> modules?", (places, len(modules)))
    yield rule(r"<n> places? imports? (?:the(?: <n> modules?)?|what)", (places, len(modules)), (places, None))
    for role, noun in (
        ("production", "production code"),
        ("test", "tests"),
        ("script", "scripts"),
        ("migration", "mig"),
    ):
        told = Counter[str]()
        for (module, of, _), n in by_module.items():
            told[module] += n if of == role else 0
        yield rule(rf"<n> in {noun}", *told.values())
    yield rule(r"<n> places?:", *Counter(module for (module, _, _), n in by_module.items() for _ in range(n)).values())
    lazy = Counter(module for (module, _, scope), n in by_module.items() for _ in range(n) if scope == "function")
    yield rule(r"<n> imports? inside functions", *lazy.values())
    around = [(len(one["importers"]), len(one["imports"])) for one in known.neighbourhoods]
    yield rule(r"^<n> modules? imports? it, it imports <n>\.$", *around)
    yield from _reach(known)


def _differ(collision: dict[str, Any]) -> tuple[int | None, ...]:
    parties = [party["mapped"] for party in collision["classes"]]

    def number(part: str) -> int | None:
        every = [
            {str(one) if isinstance(one, str) else (one["name"], one["target"]) for one in party[part]}
            for party in parties
        ]
        names = {one if isinstance(one, str) else one[0] for one in set.union(*every) - set.intersection(*every)}
        return len(names) or None

    return len(parties), number("columns"), number("relationships")


def _rows(parties: list[dict[str, Any]]) -> Iterator[str]:
    """The row of the importers, in each order of the classes."""
    for order in permutations(parties):
        yield "".join(f" | {one['importers']:,}" for one in order)


def _reach(known: Known) -> Iterator[Rule]:
    reached = known.incident["reached"] or []
    sizes = [(len(one["direct"]), len(one["indirect"]), len(one["test_files"])) for one in reached]
    yield rule(r"<n> files? and <n> test files? loads? \S+", *((one + two, three) for one, two, three in sizes))
    yield rule(
        r"Files that import it: <n>, Files that load it through others: <n>, Test files that load it: <n>", *sizes
    )
    tests = known.incident["tests"] or ()
    failing = [one["nodeid"].partition("::")[0] for one in tests if one["outcome"] in BAD]
    passing = [one["nodeid"].partition("::")[0] for one in tests if one["outcome"] == "passed"]
    yield rule(r"All <n> failing tests and all <n> passing ones are in", (len(failing), len(passing)))
    parts = [
        (sum(path in one["test_files"] for path in failing), sum(path in one["test_files"] for path in passing))
        for one in reached
    ]
    yield rule(
        r"(?:All <n>|<n> of <n>) failing tests? (?:is|are) in a test file that loads it; <n> of <n> passing ones",
        *((len(failing), None, None, fine, len(passing)) for bad, fine in parts if bad == len(failing)),
        *((None, bad, len(failing), fine, len(passing)) for bad, fine in parts),
    )
