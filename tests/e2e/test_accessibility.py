"""axe-core finds nothing in the report: light, dark, on a phone and as it is printed, with every folded part open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize, sync_playwright

from kit.report import write_report
from tests.report import samples

CHROMIUM = shutil.which("chromium")

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")]

DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
FORMS = {"light": (DESK, "screen"), "dark": (DESK, "screen"), "phone": (PHONE, "screen"), "print": (DESK, "print")}
#: half of what axe takes goes into colours, and the other half asks what is the same in all colours
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
LAYOUT = {"rules": {"color-contrast": {"enabled": False}}}
ASKED = {"light": {}, "dark": COLOURS, "phone": LAYOUT, "print": COLOURS}


def test_no_form_of_the_report_has_a_violation(tmp_path: Path) -> None:
    address, found = write_report(samples.incident(), tmp_path).as_uri(), {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for form, (viewport, media) in FORMS.items():
            # the page's own policy would refuse the script of axe
            context = browser.new_context(
                viewport=viewport, color_scheme="dark" if form == "dark" else "light", bypass_csp=True
            )
            page = context.new_page()
            page.goto(address)
            page.locator("body[data-ready]").wait_for()
            page.emulate_media(media=media)  # type: ignore[arg-type]
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            violations = Axe().run(page, options=ASKED[form]).response["violations"]
            found[form] = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in violations]
            context.close()
        browser.close()

    assert found == {form: [] for form in FORMS}
