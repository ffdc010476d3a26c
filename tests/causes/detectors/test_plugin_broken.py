"""A plugin that breaks pytest at its start, as pytest says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

PROBLEMS = {
    "Error importing plugin \"shop_plugin\": No module named 'shop_plugin'": ("shop_plugin", "Install it"),
    "PluginValidationError: Plugin 'flaky' for hook 'pytest_collect_file'": ("flaky", "-p no:flaky"),
    "ModuleNotFoundError: No module named 'py', while it loaded plugins": ("py", "Install it"),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_pytest_says_names_the_plugin(problem: str) -> None:
    name, advice = PROBLEMS[problem]
    (cause,) = causes_of(replace(suite([]), problem=problem))
    assert (cause.kind, cause.title) == ("plugin-broken", f'Plugin "{name}" breaks pytest at its start')
    assert advice in str(cause.next_step)


def test_a_plugin_whose_hook_does_not_fit_is_named_from_the_exception() -> None:
    message = "Plugin 'tests/conftest.py' for hook 'pytest_ignore_collect'\nhookimpl definition: …"
    failure = failure_with(message, "pluggy._manager.PluginValidationError", phase="collect")
    (cause,) = causes_of(suite([], conftest=failure))
    assert cause.id == "plugin-broken:tests/conftest.py"


def test_a_test_that_fails_says_nothing_about_plugins() -> None:
    failure = failure_with("the plugin is off", "ValueError")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "plugin-broken"
