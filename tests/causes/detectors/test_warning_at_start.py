"""A filter that makes a plugin's warning an error is named with its line; other ends of pytest are not laid at it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import PYPROJECT, places, told_of
from tests.causes.scenes import suite

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


@pytest.mark.parametrize(
    ("problem", "ini"),
    [(UNSET, PYPROJECT), ("pytest could not collect the suite: KeyError: 'a'", FILTERED)],
    ids=["no filter", "no warning"],
)
def test_another_end_is_none(tmp_path: Path, problem: str, ini: str) -> None:
    assert "warning-at-start" not in [cause.kind for cause in _causes(tmp_path, problem, ini)]
