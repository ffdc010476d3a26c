from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from kit.facts.case import CaseFacts
from kit.facts.causes import Evidence
from kit.facts.failures import Failure
from kit.report.joined import Joined
from kit.report.page import SECTIONS, contents, render
from kit.report.pictures import MOST_PICTURES
from tests.report import samples
from tests.report.sample_failures import plain

WHEN = "2026-11-23 06:40:00Z"

#: where the report may lead
KNOWN_PAGES = {"docs.sqlalchemy.org", "docs.python.org", "docs.pytest.org", "fastapi.tiangolo.com"}


class Page(HTMLParser):
    """What a page consists of: its elements with their attributes, and its text without scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if self._inside:
            if self._inside[-1] == "script":
                self.scripts.append(data)
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.elements if (value := attributes.get(attribute)) is not None]

    def tags(self) -> Counter[str]:
        return Counter(tag for tag, _ in self.elements)


def page(facts: CaseFacts) -> Page:
    return Page(render(facts, WHEN))


@cache
def sample(make: Callable[[], CaseFacts]) -> tuple[str, Page]:
    """The page of a sample, as text and taken apart; no test changes it."""
    html = render(make(), WHEN)
    return html, Page(html)


@pytest.fixture(scope="module")
def incident() -> Page:
    return sample(samples.incident)[1]


each_case = pytest.mark.parametrize("make", samples.ALL.values(), ids=samples.ALL.keys())


@pytest.mark.slow
def test_the_masthead_says_what_broke_and_how_much_it_blocks(incident: Page) -> None:
    assert "FIX MEASURED" in incident.text
    assert "3,650 of 5,069 tests fail because of it." in incident.text
    assert "It hides 1 more cause." in incident.text
    for version in ("3.12.4", "2.0.36", "8.3.4", "4f1c2ab9d07e with changes"):
        assert version in incident.text


@pytest.mark.slow
@each_case
def test_the_browser_runs_the_script_before_it_draws_and_after_it_has_read_the_page(
    make: Callable[[], CaseFacts],
) -> None:
    (script,) = [one for tag, one in sample(make)[1].elements if tag == "script" and one.get("type") != "text/plain"]

    assert script == {"type": "module", "blocking": "render"}


def test_every_collected_test_is_accounted_for_in_words(incident: Page) -> None:
    assert "The rows add up to 5,069, the number of collected tests." in incident.text
    assert "Error at setup 3,650" in incident.text


def test_what_was_seen_beside_the_outcomes_is_told(incident: Page) -> None:
    assert "Fails alone too 1 backend/tests/test_messages.py::test_text_0" in incident.text
    assert "backend/tests/test_messages.py::test_text_0 : redis-server" in incident.text
    assert "Tests share backend/test.db; run them with --workers 1." in incident.text
    assert "2 distinct warnings" in incident.text
    assert "UserWarning: no key <given> \N{EN DASH} 1 at collection" in incident.text
    assert "75.0 % as the target's own coverage.py counts: 150 of 200 statements ran." in incident.text


def test_one_cause_hides_another_with_both_counts(incident: Page) -> None:
    assert (
        'Hidden behind Index "ix_orders_status" is defined twice on table "orders" : 61 tests show it in this run; '
        "3,412 more tests stop at the cause in front and would meet it next, as far as the source tells."
    ) in incident.text


@pytest.mark.parametrize(("lines", "shown", "rest"), [(7, 7, ""), (8, 5, "3 more lines"), (30, 5, "25 more lines")])
def test_many_lines_of_evidence_are_one_click_away(lines: int, shown: int, rest: str) -> None:
    facts = samples.incident()
    assert facts.causes
    evidence = tuple(Evidence(f"Seen in place {number}.") for number in range(lines))
    html = render(replace(facts, causes=(replace(facts.causes[0], evidence=evidence),)), WHEN)

    at_once, _, folded = html.partition('id="causes"')[2].partition("</article>")[0].partition('<details class="more">')
    assert at_once.count("Seen in place") == shown
    assert folded.count("Seen in place") == lines - shown
    assert rest in folded


def test_collisions_that_wait_are_told_apart_from_those_that_are_there(incident: Page) -> None:
    assert '2 collisions of mapped classes wait ("PaperTrade" and "Subscription")' in incident.text
    assert "User there now" in incident.text
    assert "PaperTrade waiting" in incident.text
    assert "Subscription waiting" in incident.text


def test_every_importer_stands_with_its_line(incident: Page) -> None:
    facts = samples.incident()
    assert facts.inventory
    for importer in facts.inventory.importers:
        assert f"{importer.path}:{importer.line}" in incident.text
    assert "24 places: 19 in production code and 5 in tests; 2 imports inside functions" in incident.text


@pytest.mark.slow
def test_a_statement_that_imports_several_names_is_one_place() -> None:
    facts = samples.incident()
    assert facts.inventory
    first = facts.inventory.importers[0]
    statement = replace(first, statement="from backend.app.auth.models import Session, User")
    several = (statement, replace(statement, name="Session"))
    made = page(replace(facts, inventory=replace(facts.inventory, importers=several)))
    assert "1 place imports the module" in made.text
    assert "1 place: 1 in production code" in made.text


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (samples.suite_failed, "Accounting : The test suite was not run. kit run /home/dev/src/trading"),
        (samples.no_inventory, "Files preserved : The source was not looked at. kit scan /home/dev/src/trading"),
        (samples.suite_failed, "Outcomes of the tests: not measured . kit run /home/dev/src/trading"),
        (
            samples.nothing_ran,
            "Problem : Neither the source nor the tests were looked at. kit scan /home/dev",
        ),
        (samples.nothing_ran, "Causes found : Causes were not looked for. kit investigate /home/dev/src/trading"),
        (samples.no_tests, "No test was collected."),
        (samples.no_sqlalchemy, "3 failing tests, no cause named"),
    ],
)
def test_a_part_without_facts_says_so(make: Callable[[], CaseFacts], expected: str) -> None:
    assert expected in sample(make)[1].text


@each_case
def test_every_section_is_shown_with_something_in_it_or_named_as_missing(make: Callable[[], CaseFacts]) -> None:
    (html, made), found = sample(make), contents(Joined(make()))
    assert {*found.keys, *(section.key for section, _ in found.missing)} == {section.key for section in SECTIONS}
    listed = html.partition('<nav class="contents"')[2].partition("</nav>")[0]
    linked = re.findall('href="#([^"]+)"', listed)
    assert linked == [section.key for section, _ in found.shown] + ["tests"] + ["missing"] * bool(found.missing)
    for section, _ in found.shown:
        assert re.search(rf'<section id="{section.key}".*?</h2>.*?<(p|ol|ul|h3|figure|div)', html, re.DOTALL)
    for section, missing in found.missing:
        assert section.key not in made.values("id")
        assert f"{section.title} : {missing.why}" in made.text


def test_the_incident_has_all_sections_in_the_order_of_the_spec() -> None:
    spec = [
        "summary",
        "accounting",
        "problem",
        "fixes",
        "modified",
        "importers",
        "verification",
        "causes",
        "categories",
        "ladder",
        "impact",
        "steps",
        "notes",
        "lessons",
        "timeline",
        "appendix",
    ]
    shown = [section.key for section, _ in contents(Joined(samples.incident())).shown]
    assert [key for key in shown if key in spec] == spec


@each_case
def test_no_two_parts_share_an_anchor(make: Callable[[], CaseFacts]) -> None:
    assert [name for name, times in Counter(sample(make)[1].values("id")).items() if times > 1] == []


@each_case
def test_links_stay_in_the_page_and_lead_somewhere(make: Callable[[], CaseFacts]) -> None:
    made = sample(make)[1]
    ids = set(made.values("id"))
    inner = [href for href in made.values("href") if href.startswith("#")]
    assert [href for href in inner if href[1:] not in ids] == []
    assert made.values("src") == []
    outer = [href for href in made.values("href") if not href.startswith(("#", "data:,"))]
    assert {urlsplit(href).hostname for href in outer} <= KNOWN_PAGES


def test_hostile_text_is_never_markup() -> None:
    hostile, harmless = page(samples.hostile()), page(samples.hostile("harmless"))
    assert hostile.tags() == {**harmless.tags(), "span": hostile.tags()["span"]}  # highlighting makes spans
    assert not [name for _, attributes in hostile.elements for name in attributes if name.startswith("on")]
    assert not [href for href in hostile.values("href") if href.startswith("javascript")]
    assert "{{ 7*7 }}" in hostile.text
    assert "⟨U+202E⟩gnp.exe" in hostile.text
    assert hostile.tags()["script"] == 3
    assert "alert" not in hostile.scripts[0]


def test_the_page_is_the_same_but_for_the_time_which_stands_in_it_once() -> None:
    first, second = sample(samples.incident)[0], render(samples.incident(), "2027-01-01 00:00:00Z")
    assert first.count(WHEN) == 1
    assert f"<time>{WHEN}</time>" in first
    assert first.replace(WHEN, "2027-01-01 00:00:00Z") == second


def test_no_script_but_ours_may_run_and_nothing_may_be_loaded(incident: Page) -> None:
    (policy,) = (attributes["content"] for tag, attributes in incident.elements if "http-equiv" in attributes)
    assert policy
    assert policy.startswith("default-src 'none';")
    assert re.search(r"script-src 'sha256-[\w+/=]{44}'", policy)


def test_tables_and_pictures_speak(incident: Page) -> None:
    tags = incident.tags()
    assert tags["caption"] == tags["table"]
    headers = [attributes for tag, attributes in incident.elements if tag == "th"]
    assert all(attributes.get("scope") for attributes in headers)
    pictures = [attributes for tag, attributes in incident.elements if tag == "svg"]
    assert all(one.get("role") == "img" or one.get("aria-hidden") == "true" for one in pictures)


def test_the_tables_around_a_collision_and_around_a_finding_are_drawn_once_each(incident: Page) -> None:
    assert "The classes named User in backend.app.core.db.Base" in incident.text
    told = "backend.app.auth.models.User maps users with 9 columns and 3 relationships"
    assert incident.text.count(told) == 1
    assert "Around: Subscription, Quota." in incident.text
    assert incident.text.count("backend.app.paper.models.PaperTrade maps paper_trades with 5 columns") == 2
    assert incident.text.count("The classes side by side, and the tables around them") == 2


def test_a_class_is_primary_for_points_that_are_shown_part_by_part(incident: Page) -> None:
    assert "importers 24 · 0.60 points 16 · 0.40 points" in incident.text
    assert "days in version control 240 · 0.50 points 160 · 0.00 points Points in all 1.10 0.40" in incident.text
    assert "relationships that can only mean it" not in incident.text  # no class has any


def test_the_modules_of_the_first_finding_stand_among_their_neighbours(incident: Page) -> None:
    assert "Imports of backend.app.paper.models 9 modules import it, it imports 1." in incident.text
    assert "Imports of backend.app.auth.models" not in incident.text


@pytest.mark.slow
def test_a_page_has_no_more_pictures_than_help() -> None:
    facts = samples.incident()
    assert facts.inventory
    of_a_class = facts.inventory.findings[1]
    many = tuple(replace(of_a_class, id=f"duplicate-index:{number}") for number in range(50))
    made = page(replace(facts, inventory=replace(facts.inventory, findings=many)))
    assert sum(attributes.get("class") == "drawing" for _, attributes in made.elements) == MOST_PICTURES + 3 + 1


def test_each_distinct_failure_stands_once(incident: Page) -> None:
    assert incident.text.count("[SQL: CREATE INDEX ix_orders_status ON orders (status)]") == 2  # symptom and group
    assert incident.text.count("One or more mappers failed to initialize") == 1


@pytest.mark.slow
def test_the_demos_size_with_6373_tests_is_under_half_a_megabyte() -> None:
    assert len(render(samples.of_size(6373), WHEN).encode()) < 500_000


def test_a_page_without_scripts_and_on_paper_has_a_short_form() -> None:
    short = [section.key for section in SECTIONS if section.is_short]
    assert short == ["summary", "causes", "ladder", "steps"]
    assert sample(samples.incident)[0].count('class="part short"') == len(short)


@pytest.mark.slow
def test_a_suite_where_every_traceback_differs_is_still_under_two_megabytes() -> None:
    facts = samples.incident()
    assert facts.suite
    assert facts.grouping
    failures: dict[str, Failure] = {}
    results = []
    for index, result in enumerate(facts.suite.results):
        failure = plain(f"d-{index}", "ValueError", f"{index} " + "x" * 9000, f"{result.path}:{index + 1}", "test", "x")
        failures[failure.id] = failure
        results.append(replace(result, outcome="failed", failure=failure.id))
    groups = tuple(replace(group, failure_ids=tuple(failures)) for group in facts.grouping.groups * 20)
    groups = tuple(replace(group, id=f"{group.id}-{index}") for index, group in enumerate(groups))
    suite = replace(facts.suite, results=tuple(results), failures=failures)
    html = render(replace(facts, suite=suite, grouping=replace(facts.grouping, groups=groups)), WHEN)
    assert len(html.encode()) < 2_000_000
    assert "distinct tracebacks were recorded for this group" in Page(html).text
