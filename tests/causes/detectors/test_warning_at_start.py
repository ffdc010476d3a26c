"""A filter that makes a plugin's warning an error is named with its line; other ends of pytest are not laid at it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.target import Distribution
from kit.facts.upgrades import Environment
from tests.causes.apps import PYPROJECT, places, told_of
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own

FILTERED = PYPROJECT + 'filterwarnings = ["error"]\n'
UNSET = (
    'pytest could not collect the suite: PytestDeprecationWarning: The configuration option "asyncio_default" is unset.'
    ", while it loaded plugins"
)


def _causes(folder: Path, problem: str, ini: str) -> tuple[Cause, ...]:
    return told_of(folder, {"pyproject.toml": ini}, replace(suite([]), problem=problem))


def test_the_line_of_the_filter_and_the_option_are_named(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, UNSET, FILTERED)

    assert cause.kind == "warning-at-start"
    assert places(cause) == ["pyproject.toml:6"]
    assert "Set asyncio_default in the same file" in str(cause.next_step)
    assert "ignore::pytest.PytestDeprecationWarning" in str(cause.next_step)


@pytest.mark.parametrize(
    ("problem", "ini"),
    [(UNSET, PYPROJECT), ("pytest could not collect the suite: KeyError: 'a'", FILTERED)],
    ids=["no filter", "no warning"],
)
def test_another_end_is_none(tmp_path: Path, problem: str, ini: str) -> None:
    assert "warning-at-start" not in [cause.kind for cause in _causes(tmp_path, problem, ini)]


def test_a_warning_without_an_option_is_to_be_ignored_by_its_category(tmp_path: Path) -> None:
    problem = "pytest could not collect the suite: DeprecationWarning: the old loader goes, while it loaded plugins"

    (cause,) = _causes(tmp_path, problem, FILTERED)

    assert str(cause.next_step).count("ignore::DeprecationWarning") == 1
    assert "Set " not in str(cause.next_step)
    assert cause.title.startswith("filterwarnings makes a DeprecationWarning an error before any test is collected")


def test_a_suite_that_was_collected_has_met_no_such_warning(tmp_path: Path) -> None:
    facts = replace(suite([result("tests/test_a.py::test_a")]), problem=UNSET)

    causes = told_of(tmp_path, {"pyproject.toml": FILTERED}, facts)

    assert "warning-at-start" not in [cause.kind for cause in causes]


def test_a_warning_that_a_release_is_known_to_make_an_error_is_told_once_at_the_filter(tmp_path: Path) -> None:
    problem = UNSET.replace("asyncio_default", "asyncio_default_fixture_loop_scope")
    installed = Environment((Distribution("pytest", "9.2.0"), Distribution("pytest-asyncio", "1.0")))

    (cause,) = told_of(
        tmp_path, {"pyproject.toml": FILTERED}, replace(suite([]), problem=problem), environment=installed
    )

    assert (cause.kind, places(cause)) == ("upgraded-library", ["pyproject.toml:6"])
    assert "asyncio_default_fixture_loop_scope = function" in str(cause.next_step)


def test_a_warning_of_a_library_is_named_with_its_module_and_with_the_line_that_causes_it(tmp_path: Path) -> None:
    said = "The old decorator goes (deprecated since: 2.1)"
    warned = failure_with(said, "sqlalchemy.exc.SADeprecationWarning", frames=(own("shop/orm.py", 7, "<module>"),))
    problem = f"pytest could not collect the suite: SADeprecationWarning: {said}, while it loaded plugins"
    facts = replace(suite([], test_a=replace(warned, phase="collect")), problem=problem)

    (cause,) = told_of(tmp_path, {"pyproject.toml": FILTERED}, facts)

    assert places(cause) == ["shop/orm.py:7", "pyproject.toml:6"]
    assert "Change what shop/orm.py:7 uses" in str(cause.next_step)
    assert "ignore::sqlalchemy.exc.SADeprecationWarning behind" in str(cause.next_step)


def test_a_warning_of_an_unknown_module_is_ignored_by_the_beginning_of_its_text(tmp_path: Path) -> None:
    problem = "pytest could not collect the suite: ShopWarning: prices (old) are gone, while it loaded plugins"

    (cause,) = _causes(tmp_path, problem, FILTERED)

    assert "ignore:prices behind error" in str(cause.next_step)
