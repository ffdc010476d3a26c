"""Two cases compared, as one HTML page."""

from __future__ import annotations

from markupsafe import Markup

from kit.facts.history import CaseComparison
from kit.masking import visible
from kit.report.files import asset, content_policy
from kit.report.page import environment
from kit.report.sections.changes import changes_of


def comparison_page(found: CaseComparison) -> str:
    """The section of the report that tells what changed, on a page of its own."""
    page = (
        environment(None)
        .get_template("comparison.html.j2")
        .render(
            view=changes_of(found, is_alone=True),
            source_url="",
            policy=content_policy(),
            style=Markup(asset("report.css")),  # noqa: S704  # our own file
        )
    )
    return visible(page)
