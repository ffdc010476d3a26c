"""An investigation leaves the environment of its process as it was."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _environment_is_left_as_it_was() -> Iterator[None]:
    def now() -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}

    before = now()
    yield
    assert now() == before
