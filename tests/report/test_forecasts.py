"""What warnings say of the next releases stands in the report and in the incident as data."""

from dataclasses import replace

import pytest

from kit.facts.case import CaseFacts
from kit.facts.places import Location
from kit.facts.upgrades import Forecast
from kit.report.incident import build_incident
from kit.report.page import render
from tests.report import samples

PLACE = Location("backend/app/core/clock.py", 9, "warned")
FORECAST = Forecast(
    "flask", "2.2.5", "2.3.0", "`Markup` is gone", "Import it from `markupsafe`.", "flask-x", (PLACE,), 4
)


def _warned(*forecasts: Forecast) -> CaseFacts:
    facts = samples.incident()
    assert facts.grouping
    return replace(facts, grouping=replace(facts.grouping, forecasts=forecasts))


@pytest.mark.slow
def test_the_page_says_which_release_stops_which_line() -> None:
    page = render(_warned(FORECAST), "now")

    assert "flask 2.3.0 (installed 2.2.5) will stop 1 line: `Markup` is gone" in page
    assert '<code class="place">backend/app/core/clock.py:9</code><br>Import it from `markupsafe`.' in page
    assert "What they say of the next releases" not in render(_warned(), "now")


def test_what_does_not_fit_is_counted() -> None:
    page = render(_warned(*[replace(FORECAST, release=f"{number}.0") for number in range(3, 13)]), "now")

    assert "flask 10.0 (installed" in page
    assert "flask 11.0 (installed" not in page
    assert "2 more releases in <code>incident.json</code>" in page


def test_the_data_has_release_lines_and_entry() -> None:
    facts = _warned(FORECAST)
    (row,) = build_incident(facts)["forecasts"]

    assert (row["library"], row["release"], row["breakage"]) == ("flask", "2.3.0", "flask-x")
    assert row["lines"] == [{"path": "backend/app/core/clock.py", "line": 9}]
    assert build_incident(replace(facts, grouping=None))["forecasts"] is None
