"""Checks the numbers of a report: the page, the Markdown and the JSON against each other and against the store.

``python -m tests.report.numbers REPORTS CASE`` checks a case that was investigated, and prints what differs.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from kit.report.wording import share
from tests.report import rules_fixes, rules_inventory, rules_outcomes, rules_run
from tests.report.known import Known
from tests.report.packed import unpacked
from tests.report.rules_notebooks import wrong_in_notebooks
from tests.report.told import blocks
from tests.report.words import findings, texts_in

Rows = list[list[str]]
#: how a table of the page begins, by the name that is used here
_TABLES = {
    "accounting": ("outcome", "tests", "share"),
    "categories": ("category", "tests"),
    "ladder": ("fix", "unlocked"),
}


class Tables(HTMLParser):
    """The tables of a page or of rendered Markdown, each as rows of words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[Rows] = []
        self._cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def named(self, name: str) -> Rows:
        """The rows below the head of a table; empty where there is none."""
        start = _TABLES[name]
        heads = ((table, tuple(cell.lower() for cell in table[0][: len(start)])) for table in self.tables if table)
        return next((table[1:] for table, head in heads if head == start), [])


def differences(page: str, markdown: str, incident: dict[str, Any]) -> Iterator[str]:
    """What the page, the Markdown and the JSON of one case say differently, a sentence each."""
    html, text = Tables(page), Tables(MarkdownIt("commonmark").enable("table").render(markdown))
    for form, tables in (("page", html), ("Markdown", text)):
        for what, told, known in (
            ("accounting", _outcomes(tables.named("accounting")), _accounting(incident)),
            ("categories", _numbers(tables.named("categories"), 1), _categories(incident)),
            ("ladder", [row[1:] for row in tables.named("ladder")], _ladder(incident)),
        ):
            if known and told != known:
                yield f"{form}, {what}: {told} is not {known}"
    yield from _causes(page, markdown, incident)
    yield from _tests(page, incident)


def _outcomes(rows: Rows) -> dict[str, int]:
    """By the first word of an outcome: errors of set-up and of call are one."""
    counts: Counter[str] = Counter()
    for name, tests, *_ in rows:
        counts[" ".join(name.split(" at ")[0].split()).lower()] += int(tests.replace(",", ""))
    return {name: tests for name, tests in counts.items() if tests}


def _accounting(incident: dict[str, Any]) -> dict[str, int]:
    names = {"xfailed": "failed as expected", "xpassed": "passed unexpectedly"}
    found = {**(incident["accounting"] or {})}
    found.pop("uncollectable", None)
    return {names.get(key, key.replace("_", " ")): tests for key, tests in found.items() if tests}


def _numbers(rows: Rows, column: int) -> dict[str, int]:
    return {row[0]: int(row[column].replace(",", "")) for row in rows}


def _categories(incident: dict[str, Any]) -> dict[str, int]:
    """Tests by category, as the groups have them."""
    counts = Counter(test["category"] for test in incident["tests"] or () if test["category"])
    return {one["title"]: counts[one["name"]] for one in incident["categories"] or ()}


def _ladder(incident: dict[str, Any]) -> Rows:
    accounting, steps = incident["accounting"], list(incident["peeling"] or ())
    if not steps or not accounting:
        return []
    final = incident["final"]
    first = ["–", "–", "–", f"{accounting['collected']:,}", f"{accounting['passed']:,}"]  # noqa: RUF001
    return [
        [*first, share(accounting["passed"], accounting["collected"])],
        *(_rung(step) for step in steps),
        *([_rung(final)] if final and final["collected"] is not None else []),
    ]


def _rung(step: dict[str, Any]) -> list[str]:
    unmasked = sum(step["unmasked"].values())
    counts = (step["unlocked"], unmasked, step["broken"], step["collected"], step["passed"])
    return [*(f"{one:,}" for one in counts), share(step["passed"], step["collected"])]


def _causes(page: str, markdown: str, incident: dict[str, Any]) -> Iterator[str]:
    """The blocked tests on each card, in the order of the causes; of all in the page, of the first ones in Markdown."""
    known = [_impact(cause, incident["accounting"]) for cause in incident["causes"] or ()]
    cards = re.findall(r'<p class="facts"><strong>([^<]*)</strong> · ', page)
    if cards != known:
        yield f"page, causes: {cards} is not {known}"
    told = re.findall(r"^### \d+\. .+\n\n(.*?) · ", markdown, re.MULTILINE)
    if told != known[: len(told)]:
        yield f"Markdown, causes: {told} is not {known[: len(told)]}"


def _impact(cause: dict[str, Any], accounting: dict[str, Any] | None) -> str:
    blocked, files = cause["tests_blocked"], len(cause["uncollectable"])
    if cause["kind"] == "start-refused":
        return "plain pytest runs no test"
    parts = []
    if blocked or not files:
        collected = accounting["collected"] if accounting else 0
        noun = "collected test" if collected == 1 else "collected tests"
        parts.append(f"{blocked:,} of {collected:,} {noun} blocked" if accounting else "no test was run")
    if files:
        parts.append(f"{files:,} {'file' if files == 1 else 'files'} cannot be collected")
    return ", ".join(parts)


def _tests(page: str, incident: dict[str, Any]) -> Iterator[str]:
    """Each row of the table of all tests: outcome, milliseconds and cause."""
    packed = re.search(r'id="test-data">([^<]*)<', page)
    data = json.loads(unpacked(packed[1])) if packed else None
    tests = incident["tests"] or []
    if data is None:
        if tests:
            yield f"page, tests: none is not {len(tests)}"
        return
    causes = [index for index, often in zip(data["cause"][::2], data["cause"][1::2], strict=True) for _ in range(often)]
    ids = [cause["id"] for cause in incident["causes"] or ()]
    told = [
        (data["outcomes"][int(outcome)][0], ms, ids[cause] if cause >= 0 else None)
        for outcome, ms, cause in zip(data["outcome"], data["ms"], causes, strict=True)
    ]
    known = [
        (test["outcome"], None if test["seconds"] is None else round(test["seconds"] * 1000), test["cause"])
        for test in tests
    ]
    if told != known:
        wrong = sum(one != other for one, other in zip(told, known, strict=False))
        yield f"page, tests: {wrong} of {len(known)} rows differ ({len(told)} are shown)"


def differences_in_words(page: str, markdown: str, incident: dict[str, Any], store: Path) -> Iterator[str]:
    """Numbers in the prose, the tables and the charts of the page and of Markdown that are not those of the facts."""
    known = Known(incident, store)
    rules = [one for part in (rules_outcomes, rules_inventory, rules_fixes, rules_run) for one in part.rules(known)]
    facts = [*texts_in({key: part for key, part in incident.items() if key != "tests"}), *texts_in(known.collisions)]
    for form, html in (("page", page), ("Markdown", MarkdownIt("commonmark").enable("table").render(markdown))):
        for one in findings(blocks(html), rules, facts):
            yield f"{form}: {one}"


def differences_from_store(incident: dict[str, Any], store: Path) -> Iterator[str]:
    """What the JSON says otherwise than plain SQL on the store: outcomes, causes, findings, groups, layers."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:

        def rows(query: str) -> list[Any]:
            return connection.execute(query, (incident["case"]["id"],)).fetchall()

        outcomes = dict(rows("SELECT outcome, count(*) FROM outcomes WHERE case_id = ? GROUP BY outcome"))
        told = {
            key: one for key, one in (incident["accounting"] or {}).items() if key not in ("collected", "uncollectable")
        }
        if {key: one for key, one in told.items() if one} != outcomes:
            yield f"JSON, outcomes: {told} is not {outcomes}"
        blocked = [len(_fact(fact)["tests"]) for (fact,) in rows(_FACTS.format("causes"))]
        if [one["tests_blocked"] for one in incident["causes"] or ()] != blocked:
            yield f"JSON, causes: is not {blocked}"
        for part, table in (
            ("tests", "outcomes"),
            ("findings", "findings"),
            ("collisions", "collisions"),
            ("importers", "importers"),
            ("groups", "groups"),
            ("options", "fix_options"),
            ("peeling", "layers"),
        ):
            ((number,),) = rows(f"SELECT count(*) FROM {table} WHERE case_id = ?")
            if len(incident[part] or ()) != number:
                yield f"JSON, {part}: {len(incident[part] or ())} is not {number}"


def _fact(kept: bytes) -> Any:
    return json.loads(zlib.decompress(kept) if kept[:1] == b"x" else kept)


_FACTS = "SELECT fact FROM {} WHERE case_id = ? ORDER BY position"


def all_differences(folder: Path, store: Path) -> Iterator[str]:
    """What the forms of a report in ``folder`` and the store of its case say differently."""
    page, markdown = ((folder / f"incident.{form}").read_text(encoding="utf-8") for form in ("html", "md"))
    incident = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    yield from differences(page, markdown, incident)
    yield from differences_from_store(incident, store)
    yield from differences_in_words(page, markdown, incident, store)
    yield from wrong_in_notebooks(Known(incident, store), folder / "notebooks")


def main(arguments: list[str]) -> int:
    """Check a case that was investigated; 1 when something differs."""
    reports, case = Path(arguments[0]), arguments[1]
    found = list(all_differences(reports / case, reports / "kit.sqlite"))
    sys.stdout.write("".join(f"{one}\n" for one in found) or "The page, the Markdown, the JSON and the store agree.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
