"""Places lead to the repository where its host is known; a file outside of the app leads nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.report.anchors import source_href
from kit.report.page import render
from tests.report import samples

TEMPLATE = "https://github.com/o/r/blob/1a2b/{path}#L{line}"


@pytest.mark.slow
def test_places_lead_to_the_revision() -> None:
    facts = samples.incident()
    assert "https://github.com/" not in render(facts, "now")
    known = replace(facts, case=replace(facts.case, target=replace(facts.case.target, source_url=TEMPLATE)))

    page = render(known, "now")

    place = (facts.causes or ())[0].locations[0]
    assert f'href="https://github.com/o/r/blob/1a2b/{place.path}#L{place.line}"' in page


def test_only_files_of_the_app_have_a_page() -> None:
    assert source_href(TEMPLATE, "a b.py", 3) == "https://github.com/o/r/blob/1a2b/a%20b.py#L3"
    for path in ("/usr/lib/x.py", "../x.py", "C:\\x.py", "\\\\server\\x.py"):
        assert source_href(TEMPLATE, path, 3) == ""
    assert source_href(None, "a.py", 3) == ""
