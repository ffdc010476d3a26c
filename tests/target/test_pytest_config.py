"""Compared with pytest's own search, and for addopts with pytest itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.config.findpaths import determine_setup

from kit.target.notes import Notes
from kit.target.pytest_config import read_config
from tests.helpers import write_project

LAYOUTS = {
    "nothing": {"tests/test_a.py": ""},
    "pytest.ini": {
        "pytest.ini": "[pytest]\naddopts = -q\n",
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-v'\n",
    },
    "empty pytest.ini": {"pytest.ini": "", "tox.ini": "[pytest]\naddopts = -q\n"},
    "hidden pytest.ini": {".pytest.ini": "[pytest]\ntestpaths = tests\n", "tests/test_a.py": ""},
    "pytest.toml": {"pytest.toml": "[pytest]\naddopts = ['-q']\n", "pytest.ini": "[pytest]\naddopts = -v\n"},
    "hidden pytest.toml": {".pytest.toml": ""},
    "ini_options": {
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = \"-q -k 'a b'\"\ntestpaths = ['tests', 'more']\n"
    },
    "empty ini_options": {"pyproject.toml": "[tool.pytest.ini_options]\n", "tox.ini": "[pytest]\naddopts = -q\n"},
    "native table": {"pyproject.toml": "[tool.pytest]\naddopts = ['-q', '-k', 'a b']\npythonpath = ['src']\n"},
    "bare pyproject, then tox": {"pyproject.toml": "[project]\nname = 'x'\n", "tox.ini": "[pytest]\naddopts = -q\n"},
    "bare pyproject": {"pyproject.toml": "[project]\nname = 'x'\n", "setup.py": ""},
    "tox without section": {"tox.ini": "[tox]\nenvlist = py\n", "setup.cfg": "[tool:pytest]\naddopts = -q\n"},
    "setup.cfg": {
        "setup.cfg": "[metadata]\nname = x\n[tool:pytest]\naddopts =\n    -q  # not a comment\n    --strict-markers\n"
    },
    "setup.py": {"setup.py": "", "tests/test_a.py": ""},
    "nested configuration": {"backend/pytest.ini": "[pytest]\n", "backend/tests/test_a.py": "", "pyproject.toml": ""},
    "interpolation": {"pytest.ini": "[pytest]\naddopts = --log-format=%(message)s\n"},
}


@pytest.fixture
def notes():
    return Notes()


def relative(path: Path | None, root: Path) -> str | None:
    return path.relative_to(root).as_posix() if path else None


@pytest.mark.parametrize(
    "tests", [(), ("tests",), ("backend/tests",), ("backend/tests", "tests"), ("backend/tests/test_a.py",)]
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_file_is_the_one_that_pytest_takes(tmp_path, layout, tests, notes, monkeypatch):
    root = write_project(tmp_path, LAYOUTS[layout])
    monkeypatch.chdir(root)
    tests = [test for test in tests if (root / test).exists()]
    rootdir, inifile, _options, _ignored = determine_setup(
        inifile=None, override_ini=None, args=tests, rootdir_cmd_arg=None, invocation_dir=root
    )
    found = read_config(root, tests, "9.2.0", notes).facts
    assert (found.path, found.rootdir) == (relative(inifile, root), relative(rootdir, root))
    assert notes.warnings == []


#: starts pytest as `pytest` does, in each folder that is named, and prints what it reads there
READ = """
import json, os, sys
from _pytest.config import _prepareconfig
for folder in sys.argv[1:]:
    os.chdir(folder)
    config = _prepareconfig([])
    facts = {name: config.getini(name) for name in ("addopts", "testpaths", "python_files")}
    facts["pythonpath"] = [str(path.relative_to(config.rootpath)) for path in config.getini("pythonpath")]
    config._ensure_unconfigure()
    print(json.dumps(facts))
"""


@pytest.fixture(scope="module")
def read_by_pytest(tmp_path_factory):
    """Layout to its folder and to what pytest reads there."""
    folders = [write_project(tmp_path_factory.mktemp("layout"), files) for files in LAYOUTS.values()]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-c", READ, *map(str, folders)]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(zip(LAYOUTS, zip(folders, map(json.loads, answer.stdout.splitlines()), strict=True), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_options_are_those_that_pytest_reads(read_by_pytest, layout, notes):
    root, theirs = read_by_pytest[layout]
    found = read_config(root, (), "9.2.0", notes)
    ours = {"addopts": found.facts.addopts, "testpaths": found.facts.testpaths, "pythonpath": found.facts.pythonpath}
    assert {name: list(value) for name, value in ours.items()} == {name: theirs[name] for name in ours}
    assert list(found.python_files) == theirs["python_files"]


def test_an_older_pytest_does_not_know_the_newer_tables(tmp_path, notes):
    root = write_project(
        tmp_path,
        {"pytest.toml": "[pytest]\n", "pyproject.toml": "[tool.pytest]\naddopts = ['-q']\n", "tox.ini": "[pytest]\n"},
    )
    assert read_config(root, (), "8.4.2", notes).facts.path == "tox.ini"
    assert read_config(root, (), "9.0.0", notes).facts.path == "pytest.toml"
    assert read_config(root, (), None, notes).facts.path == "pytest.toml"


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options\n", "Expected"),
        ("pyproject.toml", "tool = 3\n", "object"),
        ("pytest.ini", "addopts = -q\n", "no section header"),
        ("pytest.ini", b"\xff\xfe\x00", "decode"),
        ("tox.ini", "[pytest]\naddopts = -k 'a\n", "No closing quotation"),
    ],
)
def test_a_file_that_pytest_will_refuse_is_a_warning(tmp_path, notes, name, content, complaint):
    root = write_project(tmp_path, {name: content})
    found = read_config(root, (), "9.2.0", notes).facts
    assert found.path == name
    assert found.addopts == ()
    (warning,) = notes.warnings
    assert complaint in warning
    assert str(root / name) in warning


def test_a_configuration_above_the_target_is_a_warning(tmp_path, notes):
    write_project(tmp_path, {"pytest.ini": "[pytest]\naddopts = -q\n", "app/tests/test_a.py": ""})
    found = read_config(tmp_path / "app", (), "9.2.0", notes).facts
    assert (found.path, found.rootdir, found.addopts) == (str(tmp_path / "pytest.ini"), ".", ("-q",))
    (warning,) = notes.warnings
    assert f"give {tmp_path} as the target" in warning


def test_a_bare_project_file_above_the_target_means_nothing(tmp_path, notes):
    write_project(tmp_path, {"pyproject.toml": "[project]\nname = 'x'\n", "app/tests/test_a.py": ""})
    assert read_config(tmp_path / "app", (), "9.2.0", notes).facts.path is None
    assert notes.warnings == []


@pytest.mark.parametrize(
    "files",
    [
        {"pytest.ini": "[pytest]\nfilterwarnings =\n    error\n    ignore:a, b:UserWarning\n"},
        {"pyproject.toml": "[tool.pytest.ini_options]\nfilterwarnings = ['error', 'ignore:a, b:UserWarning']\n"},
    ],
)
def test_filters_of_warnings_are_read_line_by_line(tmp_path, notes, files):
    config = read_config(write_project(tmp_path, files), (), "9.2.0", notes)

    assert config.facts.filterwarnings == ("error", "ignore:a, b:UserWarning")
