"""Tests ask for a fixture by the name that it has now."""

from __future__ import annotations

from pathlib import Path

from kit.facts.causes import Cause
from tests.fixes.apps import cause, options_for, patched

CONFTEST = "import pytest\n\n\n@pytest.fixture\ndef db_session():\n    return []\n"
TESTS = """
import pytest


def test_add(db_sesion):  # the old name
    db_sesion.append(1)
    assert db_sesion == [1]


@pytest.mark.usefixtures("db_sesion")
def test_other():
    db_sesion = 3
    assert db_sesion
"""


def missing(name: str) -> Cause:
    return cause("fixture-missing", name, "tests/test_a.py:4 raised", tests=("tests/test_a.py::test_add",))


def files(conftest: str) -> dict[str, str | bytes]:
    return {"tests/conftest.py": conftest, "tests/test_a.py": TESTS}


def test_a_name_that_is_like_none_has_no_option(tmp_path: Path) -> None:
    assert options_for(tmp_path, files(CONFTEST.replace("db_session", "client")), missing("db_sesion")) == {}


def test_a_fixture_that_these_tests_do_not_see_is_not_meant(tmp_path: Path) -> None:
    elsewhere: dict[str, str | bytes] = {"tests/sub/conftest.py": CONFTEST, "tests/test_a.py": TESTS}

    assert options_for(tmp_path, elsewhere, missing("db_sesion")) == {}


def test_the_parameter_and_its_uses_are_renamed_and_nothing_else(tmp_path: Path) -> None:
    (option,) = options_for(tmp_path, files(CONFTEST), missing("db_sesion")).values()

    text = patched(tmp_path, option)["tests/test_a.py"]

    assert option.on_tests
    assert "def test_add(db_session):  # the old name\n    db_session.append(1)\n    assert db_session == [1]" in text
    assert '@pytest.mark.usefixtures("db_session")\ndef test_other():\n    db_sesion = 3\n' in text


def test_other_fixtures_ask_for_it_by_its_new_name_too(tmp_path: Path) -> None:
    other = (
        "\n\n@pytest.fixture\ndef client(db_sesion):\n    return db_sesion\n\n\ndef helper(db):\n    db_sesion = db\n"
    )

    (option,) = options_for(tmp_path, files(CONFTEST + other), missing("db_sesion")).values()

    changed = patched(tmp_path, option)["tests/conftest.py"]
    assert "def client(db_session):\n    return db_session\n" in changed
    assert "def helper(db):\n    db_sesion = db\n" in changed


def test_a_short_name_leads_to_the_fixture_that_the_cause_names(tmp_path: Path) -> None:
    two = CONFTEST.replace("db_session", "db_2") + "\n\n@pytest.fixture\ndef db_3():\n    return []\n"
    found = {"tests/conftest.py": two, "tests/test_a.py": TESTS.replace("db_sesion", "db")}
    at = ("tests/conftest.py:5 definition", "tests/test_a.py:4 raised")

    (option,) = options_for(
        tmp_path / "named", found, cause("fixture-missing", "db", *at, tests=("tests/test_a.py::test_add",))
    ).values()

    assert "def test_add(db_2)" in patched(tmp_path / "named", option)["tests/test_a.py"]
    assert options_for(tmp_path / "not", found, missing("db")) == {}, "the cause names neither of them"
