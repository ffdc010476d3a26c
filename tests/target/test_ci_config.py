"""Where CI runs the tests with another configuration of pytest than the one that pytest finds, a warning names both."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.target.ci_config import warn_of_other_config
from kit.target.notes import Notes
from tests.helpers import write_project

INI = {"pytest.ini": "[pytest]\n", "ci/pytest-ci.ini": "[pytest]\n", "backend/pytest.ini": "[pytest]\n"}
WORKFLOW = ".github/workflows/test.yml"


def warnings(folder: Path, files: dict[str, str], used: str | None = "pytest.ini") -> list[str]:
    notes = Notes()
    warn_of_other_config(write_project(folder / "p", {**INI, **files}), used, "9.2.0", notes)
    return notes.warnings


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        (WORKFLOW, "jobs:\n  test:\n    steps:\n      - run: pytest -c ci/pytest-ci.ini tests\n", 4),
        (WORKFLOW, "      - run: |\n          python -m pytest --config-file=ci/pytest-ci.ini\n", 2),
        (WORKFLOW, "      - run: cd ci && pytest -c pytest-ci.ini\n", 1),
        (WORKFLOW, "      - working-directory: ci\n        run: pytest -q -c pytest-ci.ini\n", 2),
        (WORKFLOW, "      - run: pytest -c ${{ github.workspace }}/ci/pytest-ci.ini\n", 1),
        ("tox.ini", "[testenv]\ndeps =\n    pytest\ncommands = pytest -c {toxinidir}/ci/pytest-ci.ini {posargs}\n", 4),
        ("tox.ini", "[testenv]\nchangedir = ci\ncommands = pytest -c pytest-ci.ini\n", 3),
        ("Makefile", "test:\n\tpython -m pytest --config-file ci/pytest-ci.ini\n", 2),
        ("noxfile.py", 'def tests(session):\n    session.run("pytest", "-c", "ci/pytest-ci.ini")\n', 2),
    ],
)
def test_a_file_that_ci_gives_to_pytest_is_named(tmp_path: Path, file: str, text: str, line: int) -> None:
    (warning,) = warnings(tmp_path, {file: text})
    assert warning == (
        f"CI runs pytest with ci/pytest-ci.ini ({file}:{line}), and here it is configured by pytest.ini: outcomes may "
        'differ. To run the tests as CI does, set PYTEST_ADDOPTS="-c ci/pytest-ci.ini".'
    )


@pytest.mark.parametrize(
    "text",
    [
        "      - run: cd backend && pytest -q\n",
        "      - name: pytest\n        working-directory: backend\n        run: pytest\n",
        (
            "    defaults:\n      run:\n        working-directory: ./backend\n    steps:\n"
            "      - uses: actions/checkout@v4\n      - run: pip install pytest\n      - run: pytest tests\n"
        ),
    ],
)
def test_a_folder_that_ci_runs_in_is_offered_as_the_target(tmp_path: Path, text: str) -> None:
    (warning,) = warnings(tmp_path, {WORKFLOW: text})
    assert "CI runs pytest with backend/pytest.ini" in warning
    assert warning.endswith("To run the tests as CI does, give backend as the target.")


@pytest.mark.parametrize(
    "text",
    [
        "      - run: pytest\n",
        "      - run: pytest tests -c pytest.ini\n",
        "      - run: pytest -c ci/pytest-ci.ini\n      - run: pytest -q\n",  # CI uses both
        "      - run: pytest -c gone.ini\n",
        "      - run: cd ../other && pytest -c ci.ini\n",
        "      - run: bash -c 'ls ci/pytest-ci.ini'\n",
        "      - run: pip install pytest -c ci/pytest-ci.ini\n",
        "      # - run: pytest -c ci/pytest-ci.ini\n",
        "      - run: pytest-3 --cov\n",
    ],
)
def test_nothing_is_said_where_ci_uses_the_same_file_or_none_that_is_here(tmp_path: Path, text: str) -> None:
    assert warnings(tmp_path, {WORKFLOW: text}) == []


def test_without_a_configuration_here_the_one_of_ci_is_named_too(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, {WORKFLOW: "      - run: pytest -c ci/pytest-ci.ini\n"}, used=None)
    assert "here it is configured by no file" in warning


def test_nothing_is_said_where_the_user_names_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-q -c ci/pytest-ci.ini")
    assert warnings(tmp_path, {WORKFLOW: "      - run: pytest -c ci/pytest-ci.ini\n"}) == []
