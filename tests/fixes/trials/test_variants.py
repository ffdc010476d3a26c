"""A fixture that is missing leaves tests without their parameters: with the fixture each of them is several tests."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kit.fixes.trials.peeling import Peeling
from kit.fixes.trials.trial_copy import TrialCopy
from kit.suite import RunOptions
from kit.target import find_target
from tests.helpers import write_project

APP = {
    "tests/conftest.py": """
        import pytest

        @pytest.fixture(params=[1, 2, 3])
        def number(request):
            return request.param

        @pytest.fixture
        def square_of(number):
            return number * number
        """,
    "tests/test_squares.py": """
        import pytest

        def test_square(square):
            assert square in (1, 4, 9)

        @pytest.mark.parametrize("least", [0, 1])
        def test_least(square, least):
            assert square >= least

        def test_other():
            pass
        """,
    "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
}


@pytest.mark.slow
def test_a_fixture_with_parameters_that_is_found_again_unlocks_its_tests(tmp_path: Path) -> None:
    with TrialCopy(find_target(write_project(tmp_path / "shop", APP)), RunOptions(workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        found = Peeling(copy, time.monotonic() + 300).run(first, facts)

    assert list(found.recommended.values()) == ["renamed-fixture:fixture-missing:square"]
    (trial,) = found.trials[:1]
    assert trial.verdict == "FULL"
    assert trial.comparison is not None
    unlocked = sorted(test.partition("::")[2] for test in trial.comparison.unlocked)
    assert unlocked == ["test_least[0]", "test_least[1]", "test_square"]
    assert (trial.comparison.gone, trial.comparison.newly_collected) == ((), {})
