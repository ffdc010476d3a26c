"""Stop at the first failure: our shared runners were blocked by long red runs."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.option.maxfail = 1
