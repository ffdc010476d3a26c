"""Async fixtures and tests that no plugin awaits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.causes.apps import PYPROJECT, investigated, places, told, told_of
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test

FIXTURE = "'test_a' requested an async fixture '{0}', with no plugin or hook that handled it."
NATIVE = "async def functions are not natively supported.\nYou need to install a suitable plugin"


@pytest.mark.slow
def test_each_fixture_is_a_cause_and_all_tests_without_a_plugin_are_one() -> None:
    failures = [
        failure_with(FIXTURE.format("pool"), "Failed", phase="setup"),
        failure_with(FIXTURE.format("client"), "Failed", phase="setup"),
        failure_with(NATIVE, "Failed"),
    ]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]
    causes = {cause.id: cause for cause in causes_of(suite(results, failures))}
    assert set(causes) == {"async-without-plugin:pool", "async-without-plugin:client", "async-without-plugin"}
    assert "pytest_asyncio.fixture" in str(causes["async-without-plugin:pool"].next_step)
    assert "pytest-asyncio" in str(causes["async-without-plugin"].next_step)


def test_a_coroutine_that_is_not_awaited_elsewhere_is_not_blamed_on_a_plugin() -> None:
    failure = failure_with("'coroutine' object has no attribute 'id'", "AttributeError")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "async-without-plugin"


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "named"), [("strict", ["pyproject.toml:6"]), ("auto", [])])
def test_the_strict_mode_of_the_configuration_is_named(tmp_path: Path, mode: str, named: list[str]) -> None:
    failure = failure_with(NATIVE, "Failed", frames=(in_test("tests/test_a.py", 3, "test_a"),))
    ini = {"pyproject.toml": f'{PYPROJECT}asyncio_mode = "{mode}"\n'}

    (cause,) = told_of(tmp_path, ini, suite([result("tests/test_a.py::test_a", failure)], [failure]))

    assert places(cause) == [*named, "tests/test_a.py:3"]
    assert ("strict mode" in told(cause)) == bool(named)


@pytest.mark.slow
def test_the_line_of_a_decorated_async_test_is_the_one_that_says_async(tmp_path: Path) -> None:
    tests = """
        import pytest

        @pytest.mark.parametrize("size", [1])
        @pytest.mark.filterwarnings("ignore")
        async def test_it(size):
            assert size
        """
    (cause,), _ = investigated(tmp_path, {"tests/test_a.py": tests})

    assert cause.kind == "async-without-plugin"
    assert places(cause) == ["tests/test_a.py:5"]
