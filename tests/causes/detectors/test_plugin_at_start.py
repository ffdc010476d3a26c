"""A plugin that keeps pytest from starting, as leaving plugins out has shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.facts.starting import InstalledPlugin, PluginTrial
from tests.causes.scenes import causes_of, collision, inventory, suite

HARMFUL = InstalledPlugin("harmful", "pytest-harmful", "1.2")


def _trial(*plugins: InstalledPlugin, tests: int | None = 2) -> PluginTrial:
    return PluginTrial(plugins, 3, tests, "python -m pytest -p no:harmful")


@pytest.mark.parametrize(("tests", "state"), [(2, "confirmed"), (None, "consistent")])
def test_what_the_trial_has_shown_is_told(tests: int | None, state: str) -> None:
    facts = replace(suite([]), plugin_trial=_trial(HARMFUL, tests=tests), problem="pytest did not start.")
    (cause,) = causes_of(facts)
    assert (cause.id, cause.state) == ("plugin-broken:harmful", state)
    assert cause.title == 'Plugin "harmful" (pytest-harmful 1.2) keeps pytest from starting'
    assert "-p no:harmful" in str(cause.next_step)
    assert "Install a release of pytest-harmful that fits this pytest" in str(cause.next_step)


def test_two_plugins_that_break_it_together_are_one_cause() -> None:
    other = InstalledPlugin("other", "pytest-other", "3")
    (cause,) = causes_of(replace(suite([]), plugin_trial=_trial(HARMFUL, other), problem="pytest did not start."))
    assert cause.title.startswith('Plugins "harmful" and "other"')


def test_without_a_trial_no_plugin_is_blamed() -> None:
    assert not causes_of(replace(suite([]), problem="pytest did not start."))


def test_it_comes_before_what_only_the_source_shows() -> None:
    facts = replace(suite([]), plugin_trial=_trial(HARMFUL), problem="pytest did not start.")

    causes = causes_of(facts, inventory([collision()]))

    assert [cause.kind for cause in causes] == ["plugin-broken", "mapper-collision"]
