"""A setting that code and configuration call by different names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

FILES = {
    "pyproject.toml": PYPROJECT,
    "shop/__init__.py": "",
    "shop/config.py": "class Config:\n    TESTING = False\n    VISITS_PER_DAY = 8\n",
    "shop/keys.py": "VISITS_A_DAYS = 3\n",
}


def _cause(folder: Path, message: str, kind: str, source: str, files: Mapping[str, str] = FILES) -> Cause:
    target = find_target(write_project(folder / "shop", {**FILES, **files}))
    failure = failure_with(message, kind, frames=(own("shop/plan.py", 5, "free", source),))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


def test_the_nearest_setting_is_named_with_the_line_that_asks(tmp_path: Path) -> None:
    cause = _cause(tmp_path, "'VISITS_A_DAY'", "KeyError", 'return app.config["VISITS_A_DAY"] - taken')
    assert cause.title == 'No setting is called "VISITS_A_DAY"; there is "VISITS_PER_DAY"'
    assert places(cause)[:2] == ["shop/plan.py:5", "shop/config.py:3"]


def test_so_is_the_attribute_of_a_settings_object(tmp_path: Path) -> None:
    said = "'Config' object has no attribute 'VISITS_DAY'"
    assert places(_cause(tmp_path, said, "AttributeError", "settings.VISITS_DAY"))[1] == "shop/config.py:3"


def test_another_key_in_capitals_is_no_setting(tmp_path: Path) -> None:
    assert _cause(tmp_path, "'VISITS_A_DAY'", "KeyError", 'row["VISITS_A_DAY"]').kind == "failure-group"


def test_a_setting_that_another_configuration_has_is_not_said_to_be_called_otherwise(tmp_path: Path) -> None:
    files = {"shop/config.py": FILES["shop/config.py"] + "\nclass Live(Config):\n    VISITS_A_DAY = 9\n"}
    cause = _cause(tmp_path, "'VISITS_A_DAY'", "KeyError", 'app.config["VISITS_A_DAY"]', files)
    assert cause.kind == "failure-group"


def test_an_environment_variable_is_no_setting_of_another_name(tmp_path: Path) -> None:
    asked = 'config = {"visits": os.environ["VISITS_A_DAY"]}'
    assert _cause(tmp_path, "'VISITS_A_DAY'", "KeyError", asked).kind == "failure-group"


def test_where_no_setting_is_like_it_the_failure_stays_a_group(tmp_path: Path) -> None:
    assert _cause(tmp_path, "'STRIPE_KEY'", "KeyError", 'config["STRIPE_KEY"]').kind == "failure-group"
