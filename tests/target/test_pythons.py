"""Which Python a project requires, and which interpreter is chosen for it."""

from __future__ import annotations

import sys

import pytest

from kit import target
from kit.target.interpreters import find_interpreter
from kit.target.notes import Notes
from kit.target.pythons import RequiredPython, required_python
from tests.helpers import write_project
from tests.target.making import make_command

STATED = {
    "pyproject.toml": [
        ('[project]\nrequires-python = ">=3.12"\n', ">=3.12"),
        ('[project]\nrequires-python = ">=3.9,<4"\n', ">=3.9,<4"),
        ('[tool.poetry.dependencies]\npython = "^3.11"\n', ">=3.11,<4"),
        ('[tool.poetry.dependencies]\npython = "~3.11"\n', "==3.11.*"),
        ('[tool.poetry.dependencies]\npython = "3.11.4"\n', "==3.11.*"),
        ('[tool.poetry.dependencies]\npython = "~3.9 || ^3.11"\n', None),
        ('[project]\nrequires-python = "three"\n', None),
        ('[project]\ndynamic = ["requires-python"]\n', None),
        ("[project\n", None),
    ],
    "setup.cfg": [("[options]\npython_requires = >=3.8\n", ">=3.8"), ("[metadata]\nname = a\n", None)],
    "setup.py": [("setup(python_requires='>=3.10')", ">=3.10"), ("setup()", None)],
    ".python-version": [("3.12.1\n", "==3.12.*"), ("3.13\n", "==3.13.*"), ("system\n", None)],
    "runtime.txt": [("python-3.12.1\n", "==3.12.*")],
    "uv.lock": [('version = 1\nrequires-python = ">=3.13"\n', ">=3.13")],
    "poetry.lock": [('[metadata]\npython-versions = "^3.12"\n', ">=3.12,<4")],
    "pdm.lock": [('[metadata]\nrequires_python = ">=3.12"\n', ">=3.12"), ("[metadata]\n", None)],
    "Pipfile.lock": [('{"_meta": {"requires": {"python_version": "3.12"}}}', "==3.12.*"), ("{}", None), ("[]", None)],
}


CASES = [(path, *one) for path, texts in STATED.items() for one in texts]


@pytest.mark.parametrize(("path", "text", "expected"), CASES)
def test_a_project_states_the_python_it_requires(tmp_path, path, text, expected):
    found = required_python(write_project(tmp_path, {path: text}))
    assert found == (RequiredPython(expected, path) if expected else None)


def test_the_first_file_that_states_one_counts(tmp_path):
    files = {"pyproject.toml": '[project]\nname = "a"\n', "setup.cfg": "[options]\npython_requires = >=3.9\n"}
    assert str(required_python(write_project(tmp_path, {**files, ".python-version": "3.12\n"}))) == (
        "Python >=3.9 (setup.cfg)"
    )


@pytest.mark.parametrize(
    ("text", "version", "allows", "is_newer"),
    [
        (">=3.12", "3.11.7", False, True),
        (">=3.12", "3.12.0", True, False),
        (">=3.12.4", "3.12.1", False, False),
        ("==3.13.*", "3.11.7", False, True),
        ("<3.11", "3.11.7", False, False),
        (">=3.9,<3.11", "3.8.18", False, True),
        (">=3.13", "3.13.0rc1", False, False),
    ],
)
def test_a_version_is_compared_with_what_is_required(text, version, allows, is_newer):
    required = RequiredPython(text, "pyproject.toml")
    assert (required.allows(version), required.is_newer_than(version)) == (allows, is_newer)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    return write_project(tmp_path / "shop", {"app.py": "", "pyproject.toml": '[project]\nrequires-python = ">=3.98"\n'})


def pretends(path, version):
    """An interpreter that says it has another version."""
    code = f"import runpy, sys; sys.version_info = {version}; sys.argv = sys.argv[1:]; "
    code += "runpy.run_path(sys.argv[0], run_name='__main__')"
    return str(make_command(path, f'exec {sys.executable} -c "{code}" "$@"'))


@pytest.mark.slow
def test_an_interpreter_that_has_the_required_python_is_taken(shop, tmp_path, monkeypatch):
    old = pretends(tmp_path / "old" / "python", (3, 97, 0, "final", 0))
    new = pretends(tmp_path / "new" / "python", (3, 98, 1, "final", 0))
    monkeypatch.setattr(target, "installed_pythons", lambda: [str(tmp_path / "gone"), old, new])
    notes = Notes()
    found = find_interpreter(shop, "", is_demo=False, notes=notes)
    assert (found.executable, found.version, found.is_kits_own) == (new, "3.98.1", False)
    assert notes.reasons[0].why == "the target requires Python >=3.98 (pyproject.toml)"


def test_without_one_kits_own_is_taken_and_one_sentence_says_what_is_missing(shop, monkeypatch):
    monkeypatch.setattr(target, "installed_pythons", list)
    notes = Notes()
    assert find_interpreter(shop, "", is_demo=False, notes=notes).is_kits_own
    (warning,) = [text for text in notes.warnings if "requires" in text]
    assert warning.startswith("The target requires Python >=3.98 (pyproject.toml), kit runs Python 3.")
    assert warning.endswith("name one with --python.")


def test_what_kits_own_python_fulfils_changes_nothing(shop, monkeypatch):
    write_project(shop, {"pyproject.toml": '[project]\nrequires-python = ">=3.8"\n'})
    monkeypatch.setattr(target, "installed_pythons", lambda: pytest.fail("no other is looked for"))
    assert find_interpreter(shop, "", is_demo=False, notes=Notes()).is_kits_own
