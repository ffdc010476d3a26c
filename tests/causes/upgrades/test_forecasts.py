"""A warning of a run that passes says what a newer release will stop: by the table, or by what it names itself."""

from __future__ import annotations

import re

import pytest

from kit.causes import breakages, forecasts_of
from kit.facts.places import Location
from kit.facts.suite import TestWarning
from kit.facts.target import Distribution
from kit.facts.upgrades import Environment
from tests.causes.upgrades.forewarned import forewarned

FOREWARNED = {one.id: one for one in breakages() if one.forewarns}


def _around(**versions: str) -> Environment:
    return Environment(tuple(Distribution(name.replace("_", "-"), version) for name, version in versions.items()))


def _warning(said: str, path: str = "shop/app.py", line: int = 7, count: int = 1) -> TestWarning:
    category, _, message = said.partition(": ")
    return TestWarning(category, message, path, line, "tests/test_a.py::test_a", count)


@pytest.mark.parametrize("identity", sorted(FOREWARNED))
def test_what_the_last_good_release_warned_of_is_foretold_with_the_release_that_stops_it(identity: str) -> None:
    entry, twins = FOREWARNED[identity], forewarned()[identity]
    warned = [said for said in twins["broken"] if re.search(entry.forewarns, said)]

    good = forecasts_of(map(_warning, warned), _around(**{entry.library.replace("-", "_"): entry.last_good}))
    bad = forecasts_of(map(_warning, warned), _around(**{entry.library.replace("-", "_"): entry.first_bad}))

    assert [(one.breakage, one.release) for one in good] == [(identity, entry.first_bad)]
    assert identity not in [one.breakage for one in bad]


@pytest.mark.parametrize("identity", sorted(FOREWARNED))
def test_the_warnings_of_the_healthy_twin_foretell_nothing_of_it(identity: str) -> None:
    said = forewarned()[identity]["healthy"]

    assert not [one for one in said if re.search(FOREWARNED[identity].forewarns, one)]


@pytest.mark.parametrize(
    ("said", "installed", "release"),
    [
        (
            "DeprecationWarning: 'BaseCommand' is deprecated and will be removed in Click 9.0.",
            {"click": "8.5.1"},
            "9.0",
        ),
        ("DeprecationWarning: gone in version 3.2 of it", {"flask": "3.1.0"}, ""),
        ("DeprecationWarning: deprecated in Flask 2.3", {"flask": "3.1.0"}, ""),
        ("DeprecationWarning: will be removed in Flask 3.2", {"quart": "0.19"}, ""),
        ("PytestRemovedIn10Warning: a mark on a fixture", {"pytest": "9.2.0"}, "10.0"),
        ("PytestRemovedIn9Warning: a mark on a fixture", {"pytest": "9.2.0"}, ""),
        ("RemovedInDjango61Warning: no more", {"django": "5.2"}, "6.1"),
        (
            "PydanticDeprecatedSince20: `dict` is deprecated. Deprecated in Pydantic V2.0 to be removed in V3.0.",
            {"pydantic": "2.12.0"},
            "3.0",
        ),
        ("UserWarning: two prices in shop 2", {"click": "8.5.1"}, ""),
        ("UserWarning: measured with numpy 3.0, older ones are slow", {"numpy": "2.1.0"}, ""),
        ("PendingDeprecationWarning: `old` will be deprecated in Flask 4.0", {"flask": "3.1.0"}, ""),
        ("DeprecationWarning: this way of sending requests will be removed in 3.0", {"requests": "2.32.0"}, ""),
        ("DeprecationWarning: old SQLAlchemy URLs will be removed in 3.0", {"sqlalchemy": "2.1.0"}, "3.0"),
        ("DeprecationWarning: the mode of pytest-asyncio is dropped in 2.0", {"pytest_asyncio": "1.3.0"}, "2.0"),
    ],
)
def test_a_release_that_a_warning_names_itself_counts_if_it_is_newer_than_the_installed_one(
    said: str, installed: dict[str, str], release: str
) -> None:
    assert [one.release for one in forecasts_of([_warning(said)], _around(**installed))] == [release] * bool(release)


def test_warnings_of_one_release_are_one_forecast_with_their_lines() -> None:
    said = "DeprecationWarning: 'old' will be removed in Click 9.0"
    warnings = [_warning(said, line=9, count=3), _warning(said.replace("old", "worn"), line=4), _warning(said, line=4)]

    (found,) = forecasts_of(warnings, _around(click="8.5.1"))

    assert found.places == (Location("shop/app.py", 4, "warned"), Location("shop/app.py", 9, "warned"))
    assert found.seen == 5
    assert found.sentence == "click 9.0 (installed 8.5.1) will stop 2 lines: 'old' will be removed in Click 9.0"
