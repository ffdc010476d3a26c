"""A fixture that nothing provides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places, told_of
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with
from tests.helpers import write_project


def _cause(name: str, *known: str) -> object:
    failure = failure_with(f"fixture '{name}' not found", "_pytest.fixtures.FixtureLookupError", phase="setup")
    facts = suite([result("tests/test_a.py::test_a", failure), result("tests/test_a.py::test_b")], [failure])
    asked = (facts.tests[0], replace(facts.tests[1], fixtures=known))
    (cause,) = causes_of(replace(facts, tests=asked))
    return cause


@pytest.mark.parametrize(
    ("name", "known", "advice"),
    [
        ("mocker", (), "Install pytest-mock"),
        ("cleint", ("client",), 'Ask for "client"'),
        ("zebra", ("client",), 'Define "zebra" in a conftest.py'),
    ],
)
def test_the_advice_fits_the_name(name: str, known: tuple[str, ...], advice: str) -> None:
    cause = _cause(name, *known)
    assert cause.title == f'Fixture "{name}" does not exist'  # type: ignore[attr-defined]
    assert advice in str(cause.next_step)  # type: ignore[attr-defined]


def test_a_fixture_that_fails_is_there() -> None:
    failure = failure_with("connection refused", "ConnectionError", phase="setup", fixture="client")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "fixture-missing"


def _lacking_desk(folder: Path, conftest: str) -> Cause:
    target = find_target(write_project(folder / "shop", {"pyproject.toml": PYPROJECT, "tests/conftest.py": conftest}))
    failure = failure_with("fixture 'desk' not found", "_pytest.fixtures.FixtureLookupError", phase="setup")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
    return cause


def test_a_fixture_that_is_defined_on_other_systems_only_is_no_circle(tmp_path: Path) -> None:
    conftest = """
        import sys

        import pytest

        if sys.platform == "none":
            @pytest.fixture
            def desk():
                return 1

        @pytest.fixture
        def engine(desk):
            return desk
        """
    cause = _lacking_desk(tmp_path, conftest)
    assert cause.title == 'Fixture "desk" does not exist'
    assert places(cause)[0] == "tests/conftest.py:7"
    assert '"desk" is defined here, and pytest does not find it' in [one.text for one in cause.evidence]


def test_fixtures_that_ask_for_each_other_are_told_as_a_circle(tmp_path: Path) -> None:
    conftest = """
        import pytest

        @pytest.fixture
        def engine(
            desk,
        ):
            return desk

        @pytest.fixture
        def desk(engine):
            return engine

        @pytest.fixture
        def desk_lamp(engine):
            return engine
        """
    cause = _lacking_desk(tmp_path, conftest)
    assert cause.title == 'Fixture "desk" asks for itself, directly or by way of others'
    assert places(cause)[:2] == ["tests/conftest.py:4", "tests/conftest.py:10"]


def test_a_circle_is_one_cause_wherever_tests_enter_it(tmp_path: Path) -> None:
    files = {
        "tests/conftest.py": """
            import pytest

            @pytest.fixture
            def engine(desk): return desk

            @pytest.fixture
            def desk(engine): return engine
        """,
    }
    failures = [
        failure_with(f"fixture '{name}' not found", "_pytest.fixtures.FixtureLookupError", phase="setup")
        for name in ("engine", "desk")
    ]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]

    (cause,) = told_of(tmp_path, files, suite(results, failures))

    assert cause.title == 'Fixtures "desk" and "engine" ask for each other, directly or by way of others'
    assert cause.tests_blocked == 2


def test_a_short_name_leads_to_the_one_fixture_with_that_word_for_which_nothing_asks(tmp_path: Path) -> None:
    conftest = """
        import pytest

        @pytest.fixture
        def {}(): ...

        @pytest.fixture
        def {}(): ...

        @pytest.fixture
        def session(test_db): ...
        """
    failure = failure_with("fixture 'db' not found", "_pytest.fixtures.FixtureLookupError", phase="setup")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])

    for number, (names, expected) in enumerate(
        [(("db_2", "test_db"), ["tests/conftest.py:4"]), (("db_2", "db_3"), []), (("test_db", "other"), [])]
    ):
        files = {"tests/conftest.py": conftest.format(*names), "tests/test_a.py": "def test_a(db): ..."}
        (cause,) = told_of(tmp_path / str(number), files, facts)
        assert [place for place in places(cause) if "conftest" in place] == expected, names


def test_of_two_names_alike_the_fixture_that_nothing_asks_for_is_the_renamed_one(tmp_path: Path) -> None:
    conftest = """
        import pytest

        @pytest.fixture
        def desk_s(): return 1

        @pytest.fixture
        def desks(): return 2

        @pytest.fixture
        def order(desks): return desks
    """

    cause = _lacking_desk(tmp_path, conftest)

    assert 'Ask for "desk_s"' in str(cause.next_step)
    assert "tests/conftest.py:4" in places(cause)[0]
