"""The report in a real browser: it asks for nothing, and works with the keyboard, on a phone and without scripts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from kit.case import exported, import_case, write_index
from kit.report import write_report
from kit.store import Store, default_url
from tests.history.moments import case_at
from tests.report import samples
from tests.report.sample_excerpts import with_excerpts
from tests.report.sample_parts import with_all_parts

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The address of each sample case's report."""
    folder = tmp_path_factory.mktemp("reports")
    return {name: write_report(make(), folder / name).as_uri() for name, make in samples.ALL.items()}


class Watched:
    """A page with what it asked for beyond its own file, and what went wrong in it."""

    def __init__(self, context: BrowserContext, address: str, *, scripts: bool = True) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.errors.append(message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        self.page.goto(address)
        if scripts:  # the page's own script fills its tables after it is loaded
            self.page.locator("body[data-ready]").wait_for()


@pytest.fixture
def incident(browser: Browser, reports: dict[str, str]) -> Iterator[Page]:
    """The report on a desk, with every section open."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = Watched(context, reports["incident"]).page
        page.evaluate("for (const one of document.querySelectorAll('.whole, .further, .options-of')) one.open = true")
        yield page


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page of cases."""
    folder = tmp_path_factory.mktemp("index")
    store = Store(default_url(folder))
    for hour in (1, 2, 3):
        tests = {f"t.py::test_{number}": "no bread" if number < hour else None for number in range(9)}
        import_case(exported(case_at(hour, tests, revision="1a2b3c4d5e6f7a8b")), store)
    write_report(store.load("at-3"), folder / "at-3")
    write_index(store, folder)
    store.close()
    return (folder / "index.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_cases_asks_for_nothing_and_leads_to_a_report(browser: Browser, index: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        watched = Watched(context, index, scripts=False)
        assert (watched.requests, watched.errors) == ([index], [])
        expect(watched.page.get_by_role("img", name="Pass rate over 3 cases")).to_be_visible()
        watched.page.get_by_role("link", name="at-3").click()
        expect(watched.page.get_by_text("Incident report")).to_be_visible()


def test_the_page_of_cases_does_not_scroll_sideways_on_a_phone(browser: Browser, index: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = Watched(context, index, scripts=False).page
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def shown(page: Page) -> list[str]:
    return page.locator(".tests tbody th code").all_text_contents()


@pytest.mark.parametrize("name", samples.ALL)
def test_a_report_asks_for_nothing_and_nothing_goes_wrong(browser: Browser, reports: dict[str, str], name: str) -> None:
    with browser.new_context() as context:
        watched = Watched(context, reports[name])
        assert (watched.requests, watched.errors) == ([reports[name]], [])


@pytest.mark.parametrize("name", samples.ALL)
@pytest.mark.parametrize("scripts", [True, False])
def test_no_page_scrolls_sideways_on_a_phone(
    browser: Browser, reports: dict[str, str], name: str, scripts: bool
) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=scripts) as context:
        page = Watched(context, reports[name], scripts=scripts).page
        if scripts:
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        size = page.locator("html").bounding_box()
        assert size
        widest = page.locator("main").bounding_box()
        assert widest
        assert widest["x"] + widest["width"] <= 360
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_no_table_hides_its_last_column(browser: Browser, tmp_path: Path, width: int) -> None:
    address = write_report(with_all_parts(), tmp_path).as_uri()
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = Watched(context, address).page
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        hidden = page.evaluate(
            """[...document.querySelectorAll('.table')]
            .filter((one) => one.scrollWidth > one.clientWidth + 1)
            .map((one) => one.querySelector('caption').textContent)"""
        )
        assert hidden == []
        label = page.locator(".accounting tbody td").first.get_attribute("data-label")
        assert label == ("Tests" if width == 390 else None)


def test_the_worst_tests_come_first_and_more_can_be_shown(incident: Page) -> None:
    names = shown(incident)
    assert names[:2] == [
        "backend/tests/test_admin.py::test_shutdown",
        "backend/tests/test_decisions.py::test_queue_drains",
    ]
    expect(incident.locator("#test-count")).to_have_text("100 of 5,069 matching tests shown, 5,069 in all.")
    incident.locator("#test-more").press("Enter")
    expect(incident.locator("#test-count")).to_have_text("200 of 5,069 matching tests shown, 5,069 in all.")
    assert incident.evaluate("document.activeElement.closest('tr').rowIndex") == 101


def test_search_filter_and_sort_work_with_the_keyboard(incident: Page) -> None:
    search = incident.get_by_label("Search")
    search.focus()
    incident.keyboard.type("QUOTAS used")
    expect(incident.locator("#test-count")).to_have_text("60 of 60 matching tests shown, 5,069 in all.")
    incident.keyboard.press("Tab")
    assert incident.evaluate("document.activeElement.id") == "test-outcome"
    incident.keyboard.type("Passed")
    expect(incident.locator("#test-count")).to_have_text("No test matches, 5,069 in all.")
    incident.locator("#test-reset").press("Enter")
    expect(incident.locator("#test-count")).to_have_text("100 of 5,069 matching tests shown, 5,069 in all.")

    time = incident.get_by_role("button", name="Time", exact=True)
    time.press("Enter")
    assert incident.locator("[aria-sort]").get_attribute("aria-sort") == "ascending"
    time.press("Space")
    assert incident.locator("[aria-sort]").get_attribute("aria-sort") == "descending"
    assert shown(incident)[0] == "backend/tests/test_decisions.py::test_queue_drains"


def test_names_sort_both_ways(incident: Page) -> None:
    button = incident.get_by_role("button", name="Test", exact=True)
    button.press("Enter")
    upwards = shown(incident)
    assert upwards == sorted(upwards)
    button.press("Enter")
    downwards = shown(incident)
    assert downwards == sorted(downwards, reverse=True)
    assert downwards[0] > upwards[-1]


def test_a_number_leads_to_its_tests(incident: Page) -> None:
    incident.locator(".tiles [data-outcome=failed]").press("Enter")
    assert incident.url.endswith("#tests?outcome=failed")
    expect(incident.locator("#test-count")).to_have_text("100 of 262 matching tests shown, 5,069 in all.")
    incident.locator(".cause [data-cause]").nth(1).press("Enter")
    expect(incident.locator("#test-count")).to_have_text("61 of 61 matching tests shown, 5,069 in all.")


def test_a_link_to_a_test_shows_that_test(browser: Browser, reports: dict[str, str]) -> None:
    nodeid = "backend/tests/unit/test_auth_rules_0.py::test_rule_holds[users-89]"
    with browser.new_context() as context:
        address = f"{reports['incident']}#test-{nodeid.replace('[', '%5B').replace(']', '%5D')}"
        page = Watched(context, address).page
        assert shown(page) == [nodeid]
        assert page.evaluate("document.activeElement.textContent") == nodeid
        page.get_by_role("button", name="Show all").press("Enter")
        expect(page.locator("#test-count")).to_have_text("100 of 5,069 matching tests shown, 5,069 in all.")


def test_on_a_desk_a_folded_section_tells_its_numbers_and_opens_from_the_contents_and_by_a_key(
    browser: Browser, reports: dict[str, str]
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = Watched(context, reports["incident"]).page
        assert page.evaluate("document.documentElement.scrollHeight") < 25 * 800
        expect(page.locator("#accounting .teaser")).to_have_text(
            "5,069 collected tests, 3,914 failing, 2 files not collected"
        )
        expect(page.locator("#accounting table").first).to_be_hidden()
        for _ in range(2):
            page.locator(".contents").get_by_role("link", name="Accounting").press("Enter")
            expect(page.locator("#accounting table").first).to_be_visible()
            page.evaluate("document.querySelector('#accounting .whole').open = false")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "test-search"


def test_the_page_is_read_as_a_whole_and_folded_before_it_is_drawn(browser: Browser, reports: dict[str, str]) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.add_init_script("""
            let isFolded = 0; /* when the first section is closed */
            new MutationObserver((changes, all) => {
                isFolded = performance.now();
                all.disconnect();
            }).observe(document, { subtree: true, attributeFilter: ["open"] });
            window.times = () => [
                performance.getEntriesByType("navigation")[0].domInteractive,
                isFolded,
                performance.getEntriesByName("first-paint")[0].startTime,
            ];
        """)
        page = Watched(context, reports["incident"]).page
        times = page.evaluate("times()")
    assert 0 < times[0] <= times[1] <= times[2]


def test_each_link_of_the_contents_leads_to_the_top_of_its_section(browser: Browser, reports: dict[str, str]) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        page = Watched(context, reports["incident"]).page
        links = page.locator(".contents a")
        names = [name for name in links.evaluate_all("all => all.map((one) => one.hash)") if name != "#missing"]
        for name in [*names, *reversed(names)]:
            page.locator(f'.contents a[href="{name}"]').click()
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            assert 0 <= page.evaluate("name => document.querySelector(name).getBoundingClientRect().top", name) < 60, (
                name
            )


def test_a_place_opens_in_an_editor_once_its_folder_is_known(browser: Browser, reports: dict[str, str]) -> None:
    with browser.new_context() as context:
        page = Watched(context, reports["incident"]).page
        page.locator("#keys-open").press("Enter")
        page.locator("#editor-folder").fill("C:\\my apps\\shop\\")
        page.keyboard.press("Tab")
        link = page.locator(".answer a:has(> code.place)").first
        place = link.text_content()
        assert link.get_attribute("href") == f"vscode://file/C:/my%20apps/shop/{place}"
        page.locator("#editor-folder").fill("")
        page.keyboard.press("Tab")
        assert link.get_attribute("href") is None


def test_a_link_into_a_closed_part_opens_it(incident: Page) -> None:
    group = incident.locator("#group-g-multiple")
    assert group.get_attribute("open") is None
    incident.get_by_role("link", name="InvalidRequestError").first.press("Enter")
    expect(group).to_have_attribute("open", "")
    expect(group.locator("summary").first).to_be_in_viewport()


def test_every_link_in_the_page_leads_somewhere(incident: Page) -> None:
    dead = incident.evaluate(
        """[...document.querySelectorAll('main a[href^="#"], nav a[href^="#"]')]
        .map((one) => decodeURIComponent(one.hash.slice(1).split("?")[0]))
        .filter((name) => !name.startsWith("test-") && !document.getElementById(name))"""
    )
    assert dead == []


def test_the_first_key_leads_past_the_contents(incident: Page) -> None:
    incident.keyboard.press("Tab")
    expect(incident.get_by_text("Skip to the report")).to_be_in_viewport()
    incident.keyboard.press("Enter")
    assert incident.evaluate("document.activeElement.id") == "content"


def test_what_has_focus_shows_it(incident: Page) -> None:
    for _ in range(4):
        incident.keyboard.press("Tab")
    outline = incident.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_without_scripts_everything_can_be_read(browser: Browser, reports: dict[str, str]) -> None:
    suite = samples.incident().suite
    assert suite
    with browser.new_context(java_script_enabled=False) as context:
        page = Watched(context, reports["incident"], scripts=False).page
        expect(page.locator("#test-table")).to_be_hidden()
        expect(page.locator(".file")).to_have_count(len({result.path for result in suite.results}))
        page.locator(".file summary", has_text="test_decisions.py").click()
        expect(page.locator(".file[open] p")).to_have_text("timed out test_queue_drains")
        page.goto(f"{reports['incident']}#test-backend/tests/test_decisions.py::test_queue_drains")
        expect(page.locator(".file summary", has_text="test_decisions.py")).to_be_in_viewport()
        for button in page.locator(".copy").all()[:3]:
            expect(button).to_be_hidden()


def test_on_paper_nothing_is_collapsed_and_no_control_is_left(incident: Page, tmp_path: Path) -> None:
    incident.emulate_media(media="print")
    expect(incident.locator("#steps")).to_be_visible()
    expect(incident.locator("#appendix")).to_be_hidden()
    incident.evaluate("document.getElementById('print-all').checked = true")
    expect(incident.locator("#appendix")).to_be_visible()
    expect(incident.locator(".contents")).to_be_hidden()
    expect(incident.locator(".controls")).to_be_hidden()
    jump = incident.locator("#summary a", has_text="What each fix unlocks")
    expect(jump).to_have_count(1)
    expect(jump).to_be_hidden()
    incident.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert incident.locator("details:not([open])").count() == 0
    incident.evaluate("dispatchEvent(new Event('afterprint'))")
    assert incident.locator("details:not([open])").count() > 10


def test_the_short_form_fills_at_most_four_pages(browser: Browser, reports: dict[str, str]) -> None:
    with browser.new_context() as context:
        pdf = Watched(context, reports["incident"]).page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 4


def test_a_table_never_holds_more_than_200_tests(incident: Page) -> None:
    for _ in range(3):
        incident.locator("#test-more").press("Enter")
    expect(incident.locator("#test-count")).to_have_text("201 to 400 of 5,069 matching tests shown, 5,069 in all.")
    assert len(shown(incident)) == 200
    assert incident.evaluate("document.activeElement.closest('tr').rowIndex") == 101


def test_on_a_phone_the_short_form_comes_first_and_a_link_opens_the_rest(
    browser: Browser, reports: dict[str, str]
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = Watched(context, reports["incident"]).page
        expect(page.locator("#steps .steps").first).to_be_visible()
        expect(page.locator("#categories .overview")).to_be_hidden()
        page.evaluate("location.hash = '#categories'")
        expect(page.locator("#categories .overview")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_place_action_and_command_are_on_the_first_screen_beside_two_excerpts(
    browser: Browser, tmp_path: Path, width: int, height: int, scripts: bool
) -> None:
    address = write_report(with_excerpts(2), tmp_path).as_uri()
    with browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts) as context:
        page = Watched(context, address, scripts=scripts).page
        expect(page.locator(".answer .excerpt")).to_have_count(2)
        for row in ("Where", "Do this", "Check with"):
            box = page.locator(".answer > div").filter(has=page.locator("dt", has_text=row)).bounding_box()
            assert box
            # fonts differ from machine to machine: the last tenth of the screen stays free
            assert box["y"] + box["height"] <= 0.9 * height, row


def test_a_desk_shows_both_excerpts_and_a_phone_the_second_one_on_demand(browser: Browser, tmp_path: Path) -> None:
    address = write_report(with_excerpts(2), tmp_path).as_uri()
    for width, is_open in ((1280, True), (390, False)):
        with browser.new_context(viewport={"width": width, "height": 844}) as context:
            page = Watched(context, address).page
            second = page.locator(".answer .second")
            assert (second.get_attribute("open") is not None) == is_open
            if not is_open:
                second.locator("summary").press("Enter")
            expect(second.locator(".marked")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_line_of_code_is_cut_without_a_mark_and_no_command_within_a_short_word(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    address = write_report(with_excerpts(2), tmp_path).as_uri()
    with browser.new_context(viewport={"width": width, "height": 844}) as context:
        page = Watched(context, address).page
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        cut = page.evaluate(
            """[...document.querySelectorAll('.excerpt .line')]
            .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).textOverflow !== 'ellipsis')
            .map((one) => one.textContent)"""
        )
        assert cut == []
        assert page.evaluate("document.querySelectorAll('.excerpt pre').length") > 1
        broken = page.evaluate(
            """[...document.querySelectorAll('.shell span')]
            .filter((one) => one.textContent.length < 20 && one.getClientRects().length === 1 && one.offsetHeight > 30)
            .map((one) => one.textContent)"""
        )
        assert broken == []


def test_every_button_copies_its_text(browser: Browser, reports: dict[str, str]) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = Watched(context, reports["incident"]).page
        page.evaluate("document.querySelector('#modified .whole').open = true")
        for button, start in (
            (page.locator(".answer .command .copy"), "kit verify "),
            (page.locator(".cause .copy").first, "# Index "),
            (page.locator("[data-copy=patch]"), "diff --git "),
        ):
            button.press("Enter")
            expect(button).to_contain_text("Copied")
            assert page.evaluate("navigator.clipboard.readText()").startswith(start)
        page.locator(".answer [data-copy]").press("Enter")
        expect(page.locator(".answer [data-copy]")).to_contain_text("Copied")
        assert "## What must not change" in page.evaluate("navigator.clipboard.readText()")


def test_a_hostile_case_runs_no_script_of_its_own(browser: Browser, reports: dict[str, str]) -> None:
    with browser.new_context() as context:
        watched = Watched(context, reports["hostile"])
        assert watched.page.evaluate("document.scripts.length") == 3
        assert watched.errors == []
        assert shown(watched.page)[0].startswith("a.py::test_</script><script>alert(1)</script>")


def test_a_wide_picture_is_open_on_a_desk_and_closed_on_a_phone(browser: Browser, reports: dict[str, str]) -> None:
    for width, is_open in ((1280, True), (390, False)):
        with browser.new_context(viewport={"width": width, "height": 800}) as context:
            page = Watched(context, reports["incident"]).page
            drawing = page.locator("#collision-User .drawing")
            assert (drawing.get_attribute("open") is not None) == is_open
            page.locator("#problem > .whole").evaluate("one => one.open = true")
            page.locator("#collision-User").evaluate("one => one.open = true")
            if not is_open:
                drawing.locator("summary").press("Enter")
            expect(drawing.get_by_role("img", name="The classes named User")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def count(page: Page) -> str:
    return page.locator("#test-count").inner_text()


def test_filters_search_and_order_are_in_the_address_and_come_back_from_it(
    browser: Browser, reports: dict[str, str], incident: Page
) -> None:
    incident.locator("#test-outcome").select_option("failed")
    incident.get_by_label("Search").fill("quotas & co?")
    incident.get_by_label("Search").fill("test")
    incident.get_by_role("button", name="Time", exact=True).press("Enter")
    incident.get_by_role("button", name="Time", exact=True).press("Enter")
    assert incident.url.endswith("#tests?outcome=failed&search=test&sort=ms&down=1")
    told, first = count(incident), shown(incident)[0]

    with browser.new_context() as context:
        page = Watched(context, incident.url).page
        expect(page.locator("#test-count")).to_have_text(told)
        assert shown(page)[0] == first
        assert page.get_by_label("Search").input_value() == "test"
        assert page.locator("[aria-sort]").get_attribute("aria-sort") == "descending"
        page.locator("#test-reset").press("Enter")
        assert page.url.endswith("#tests")


def test_a_bar_and_a_dot_lead_to_their_tests(incident: Page) -> None:
    incident.locator(".bar [data-outcome=failed]").click()
    expect(incident.locator("#test-count")).to_have_text("100 of 262 matching tests shown, 5,069 in all.")
    dot = incident.locator(".chart [data-category]").last
    wanted = dot.get_attribute("data-category")
    dot.locator("use").dispatch_event("click", {"bubbles": True})
    expect(incident.locator("#test-category")).to_have_value(wanted or "")
    assert incident.url.endswith(f"#tests?category={wanted}")


def test_the_card_that_was_opened_is_in_the_address(incident: Page) -> None:
    card = incident.locator("#collision-Subscription")
    card.locator("summary").first.press("Enter")
    assert incident.url.endswith("#collision-Subscription")
    card.locator("summary").first.press("Enter")
    assert incident.url.endswith("#problem")


def test_single_keys_search_and_go_from_cause_to_cause(incident: Page) -> None:
    incident.keyboard.press("j")
    incident.keyboard.press("j")
    second = incident.locator(".cause").nth(1)
    assert incident.url.endswith(f"#{second.get_attribute('id')}")
    expect(second.locator("h3")).to_be_in_viewport()
    incident.keyboard.press("k")
    assert incident.url.endswith(f"#{incident.locator('.cause').first.get_attribute('id')}")
    incident.keyboard.press("/")
    incident.keyboard.type("jk?/")
    assert incident.get_by_label("Search").input_value() == "jk?/"


def test_the_help_names_the_keys_and_can_switch_them_off(incident: Page) -> None:
    incident.keyboard.press("?")
    expect(incident.get_by_role("dialog", name="Keys")).to_be_visible()
    incident.get_by_label("single keys are on").press("Space")
    incident.keyboard.press("Escape")
    expect(incident.get_by_role("dialog", name="Keys")).to_be_hidden()
    before = incident.url
    incident.keyboard.press("j")
    assert incident.url == before
    incident.get_by_role("button", name="Keys").press("Enter")
    expect(incident.get_by_role("dialog", name="Keys")).to_be_visible()
