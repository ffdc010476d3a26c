"""Rules for the sentences and the tables of executed notebooks that have numbers of the report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.facts.outcomes import BAD
from kit.report.wording import OUTCOME_LABELS
from tests.report.known import Known
from tests.report.told import blocks
from tests.report.words import Rule, findings, rule


def wrong_in_notebooks(known: Known, folder: Path) -> Iterator[str]:
    """Numbers of executed notebooks that a rule knows otherwise; what no rule knows is not looked at."""
    told = list(rules(known))
    for path in sorted(folder.glob("*.ipynb")):
        for found in findings(_outputs(path), told, ()):
            if "no rule knows it" not in found:
                yield f"{path.stem}: {found}"


def recognised(known: Known, folder: Path) -> int:
    """How many sentences and rows of the notebooks the rules look at."""
    told = [one.regex() for one in rules(known)]
    return sum(any(one.search(block) for one in told) for path in folder.glob("*.ipynb") for block in _outputs(path))


def _outputs(path: Path) -> Iterator[str]:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                yield from blocks("".join(data["text/html"]))
            else:
                yield "".join(data.get("text/plain", output.get("text", ""))).strip()


def rules(known: Known) -> Iterator[Rule]:
    """The rules of this part."""
    for part in (_outcomes, _causes, _inventory, _fixes):
        yield from part(known)


def _outcomes(known: Known) -> Iterator[Rule]:
    found, all_tests = known.accounting, known.collected
    if not found:
        return
    yield rule(r"<n> of <n> tests? failed or could not finish; <n> passed", (known.failing, all_tests, found["passed"]))
    yield rule(r"^([a-z ]+) \| <n>$", *((one.replace("_", " "), found[one]) for one in OUTCOME_LABELS))
    yield rule(
        r"(?:^|, )([A-Z][a-z ]+): <n>(?=$|, [A-Z])", *((label, found[one]) for one, label in OUTCOME_LABELS.items())
    )
    yield rule(r"<n> collected tests by outcome", all_tests)
    live = {"failed": "failed", "error": "errors", "timed_out": "timed out", "crashed": "crashed", "passed": "passed"}
    yield rule(r"^<n> / <n> ·", (all_tests, all_tests))
    yield rule(r"· <n> (passed|failed|errors|timed out|crashed)\b", *((found[one], word) for one, word in live.items()))
    failing = [one["nodeid"].partition("::")[0] for one in known.incident["tests"] if one["outcome"] in BAD]
    by_cause = [{test.partition("::")[0] for test in cause["tests"]} for cause in known.causes]
    yield rule(
        r"<n> tests? in <n> files?\.",
        (len(failing), len(set(failing))),
        *((len(cause["tests"]), len(files)) for cause, files in zip(known.causes, by_cause, strict=True)),
    )


def _causes(known: Known) -> Iterator[Rule]:
    causes = known.incident["causes"] or []
    if not causes:
        return
    named = [one for one in known.causes if one["state"] != "unknown"]
    explained = len({test for one in named for test in one["tests"]})
    yield rule(
        r"<n> causes? explains? <n> of <n> failing tests?; fix first",
        (len(named), explained, known.failing),
    )
    yield rule(r"\(it blocks <n> tests?(?: and <n> files?)?\)", *_blocked(causes))
    yield rule(r"; <n> more causes?$", len(causes) - 1)
    waiting = [(one["title"], one["tests_blocked"], one["waiting"] or None) for one in causes]
    yield rule(r"^(.+) \| (?:confirmed|consistent|unknown) \| <n> \| (?:–|<n>) \|", *waiting)  # noqa: RUF001
    tests = Counter[str]()
    for group in known.groups:
        tests[group["category"]] += group["count"]
    titles = {one["name"]: one["title"] for one in known.incident["categories"] or ()}
    largest = max(tests, key=lambda one: tests[one], default="")
    yield rule(
        r"<n> failing tests? in <n> categor(?:y|ies); the largest is (.+), with <n>\.",
        (sum(tests.values()), len(tests), titles.get(largest), tests[largest]),
    )


def _blocked(causes: list[dict[str, Any]]) -> list[tuple[int, int | None]]:
    return [(one["tests_blocked"], len(one["uncollectable"]) or None) for one in causes]


def _inventory(known: Known) -> Iterator[Rule]:
    findings_ = known.incident["findings"] or ()
    yield rule(r"<n> names? stands? for two or more", len(known.collisions))
    yield rule(r"<n> findings? can block tests", sum(one["severity"] != "smell" for one in findings_))
    yield rule(r"<n> mapped class(?:es)? in <n> files", (len(known.mapped), known.files))
    places = {(one["module"], one["path"], one["line"]) for one in known.incident["importers"] or ()}
    yield rule(
        r"<n> places? in <n> files? imports? the modules that the findings",
        (len(places), len({one[1] for one in places})),
    )
    around = [(len(one["importers"]), one["module"], len(one["imports"])) for one in known.neighbourhoods]
    yield rule(r"<n> modules? imports? (\S+); it imports <n> modules?", *around)


def _fixes(known: Known) -> Iterator[Rule]:
    options, then = known.incident["options"] or [], known.then
    tried = [(one["title"], one["trial"]) for one in options if one["trial"] and one["trial"]["problem"] is None]
    yield rule(r"^\d+/\d+ (.+?) · .*?<n> unlocked", *((title, trial["unlocked"]) for title, trial in tried))
    yield rule(r"· <n> unmasked$", *(sum(trial["unmasked"].values()) for _, trial in tried))
    yield rule(r"Best: (.+)\. With it alone <n> more tests?", *((title, trial["unlocked"]) for title, trial in tried))
    further = [(title, sum(trial["unmasked"].values())) for title, trial in tried]
    yield rule(r"Best: (.+)\. With it alone no more test passes: <n> tests? meets? another cause", *further)
    causes = {one["cause"] for one in options}
    yield rule(r"<n> options? for <n> causes?; <n> recommended", (len(options), len(causes), len(known.kept)))
    if then and known.accounting:
        yield rule(
            r"With <n> fix(?:es)?, <n> of <n> tests? pass(?:es)?; <n> of <n> do",
            (len(known.kept), then["passed"], then["after"], known.accounting["passed"], known.collected),
        )
    rows = [
        (step["unlocked"], sum(step["unmasked"].values()), step["broken"], step["passed"], step["collected"])
        for step in known.incident["peeling"] or ()
    ]
    if known.whole:
        rows.append((then["unlocked"], then["unmasked"], then["broken"], then["passed"], then["after"]))
    yield rule(r"\| (?:canaries|full|sampled|affected) \| <n> \| <n> \| <n> \| <n> \| <n>$", *rows)
    measured = [
        (title, trial["unlocked"], sum(trial["unmasked"].values()), len(trial["broken"])) for title, trial in tried
    ]
    yield rule(r"^(.+) \| (?:True|False) \| [A-Z_]+ \| <n> \| <n> \| <n> \|", *measured)
