"""The probe that says what an interpreter is, in real environments of every Python that this machine has."""

import subprocess
import sys
from pathlib import Path

import pytest

from kit.target.environment import interpreter_environment
from kit.target.probe import Place, run_script
from tests.helpers import write_project
from tests.target.making import make_environment, pretend_installed, python_of


@pytest.fixture
def environment(tmp_path):
    return make_environment(tmp_path / "environment")


@pytest.fixture
def root(tmp_path):
    return write_project(tmp_path / "app", {"src/shop/__init__.py": "", "odd/__init__.py": "", "single.py": ""})


def packages_of(environment: Path) -> Path:
    (packages,) = environment.glob("lib/python3*/site-packages")
    return packages


def ask(python: object, root: Path) -> dict[str, object]:
    place = Place(str(python), root, interpreter_environment(str(python)))
    (record,) = run_script(place, "environment", {"root": str(root)}, timeout_s=30).records
    return record


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"])
def test_every_python_can_say_its_version(root, version):
    assert str(ask(python_of(version), root)["version"]).startswith(f"{version}.")


@pytest.mark.slow
def test_versions_are_those_of_the_installed_distributions(environment, root):
    pretend_installed(environment, SQLAlchemy="2.0.36", pytest_asyncio="0.23.8", fastapi="0.115.0", requests="2.32.0")
    (packages_of(environment) / "Flask_SQLAlchemy-3.1.1-py3.11.egg-info").mkdir()
    write_project(packages_of(environment), {"sqlmodel.egg-info/PKG-INFO": "Name: sqlmodel\nVersion: 0.0.22\n"})
    assert ask(environment / "bin" / "python", root)["packages"] == {
        "sqlalchemy": "2.0.36",
        "pytest-asyncio": "0.23.8",
        "fastapi": "0.115.0",
        "flask-sqlalchemy": "3.1.1",
        "sqlmodel": "0.0.22",
    }


@pytest.mark.slow
def test_versions_are_those_that_importlib_metadata_gives(root):
    record = ask(sys.executable, root)
    code = "import importlib.metadata as m, sys; print([m.version(name) for name in sys.argv[1:]])"
    names = sorted(record["packages"])
    answer = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str([record["packages"][name] for name in names])
    assert "pytest" in names


@pytest.mark.slow
def test_every_distribution_is_recorded_with_those_that_require_it(environment, root):
    pretend_installed(environment, Flask="3.1.0", Jinja2="3.1.6", click="8.1.8")
    metadata = (
        "Name: Flask\nRequires-Dist: Jinja2 (>=3.1)\nRequires-Dist: click>=8 ; extra == 'cli'\n\nRequires-Dist: x\n"
    )
    write_project(packages_of(environment), {"Flask-3.1.0.dist-info/METADATA": metadata})

    own = [one for one in ask(environment / "bin" / "python", root)["distributions"] if one[0] in "flask jinja2 click"]

    assert own == [["click", "8.1.8", []], ["flask", "3.1.0", []], ["jinja2", "3.1.6", ["flask"]]]


@pytest.mark.slow
def test_an_editable_install_by_path_is_found(environment, root):
    (packages_of(environment) / "app.pth").write_text(f"{root / 'src'}\n{root.parent}\n")
    assert ask(environment / "bin" / "python", root)["paths_in_tree"] == ["src"]


@pytest.mark.slow
def test_an_editable_install_by_finder_is_found(environment, root):
    mapping = {"shop": str(root / "src" / "shop"), "single": str(root / "single"), "renamed": str(root / "odd")}
    write_project(
        packages_of(environment),
        {
            "__editable__.app.pth": "import __editable___app_finder",
            "__editable___app_finder.py": f"MAPPING = {mapping!r}\n",
        },
    )
    record = ask(environment / "bin" / "python", root)
    assert record["paths_in_tree"] == ["src", "."]
    assert record["unmovable"] == ["renamed"]


@pytest.mark.slow
def test_pythonpath_of_the_user_is_found(environment, root, monkeypatch):
    monkeypatch.chdir(root)
    monkeypatch.setenv("PYTHONPATH", "src")
    assert ask(environment / "bin" / "python", root)["paths_in_tree"] == ["src"]


@pytest.mark.slow
def test_packages_of_an_environment_inside_the_tree_are_not_the_targets(root):
    environment = make_environment(root / ".venv")
    assert ask(environment / "bin" / "python", root)["paths_in_tree"] == []


@pytest.mark.slow
def test_whether_packages_were_compiled(environment, root):
    python = environment / "bin" / "python"
    assert ask(python, root)["has_bytecode"] is True  # there is nothing to compile
    write_project(packages_of(environment), {"_pytest/__init__.py": ""})
    assert ask(python, root)["has_bytecode"] is False
    subprocess.run([python, "-m", "compileall", "-q", packages_of(environment)], check=True)
    assert ask(python, root)["has_bytecode"] is True
