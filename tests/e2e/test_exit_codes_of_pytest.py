"""``kit run`` ends with 0 exactly where plain pytest does, at the first run and the second one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

PASSES = "def test_a():\n    pass\n"

#: small projects, and whether plain pytest finds nothing wrong
PROJECTS: dict[str, tuple[bool, dict[str, str]]] = {
    "an option of no plugin": (
        False,
        {"pytest.ini": "[pytest]\naddopts = --colour-of-dots=red\n", "test_a.py": PASSES},
    ),
    "a value of another type": (False, {"pytest.ini": "[pytest]\naddopts = --maxfail=two\n", "test_a.py": PASSES}),
    "a text for a list": (False, {"pyproject.toml": '[tool.pytest]\naddopts = "-q"\n', "test_a.py": PASSES}),
    "an unknown setting, strictly": (
        False,
        {"pytest.ini": "[pytest]\naddopts = --strict-config\ncolour = red\n", "test_a.py": PASSES},
    ),
    "options that kit leaves out": (
        True,
        {"pytest.ini": "[pytest]\naddopts = -x --maxfail=2 --ff --tb=short -c gone.ini\n", "test_a.py": PASSES},
    ),
    "a seed in a conftest": (
        True,
        {
            "conftest.py": "import random\nrandom.seed(4)\n",
            "test_a.py": "import random\n\ndef test_a():\n    assert random.random() == random.Random(4).random()\n",
        },
    ),
    "one folder for every test": (
        True,
        {
            "conftest.py": "import os, pytest\nLOG = open('session.log', 'w')\n\n@pytest.fixture\ndef place():\n"
            "    os.mkdir('place')\n    yield\n    os.rmdir('place')\n",
            **{
                f"test_{name}.py": "import pytest, time\n\n@pytest.mark.parametrize('n', range(4))\n"
                "def test_a(place, n):\n    time.sleep(0.05)\n"
                for name in "ab"
            },
        },
    ),
    "no test at all": (False, {"pytest.ini": "[pytest]\n", "test_a.py": "A = 1\n"}),
    "a file that cannot be imported": (False, {"test_a.py": PASSES, "test_b.py": "import nothing_of_this_name\n"}),
    "an error after the test": (
        False,
        {
            "test_a.py": "import pytest\n\n@pytest.fixture\ndef late():\n    yield\n    assert 0\n\n"
            "def test_a(late):\n    pass\n"
        },
    ),
    "a hook at the end that sets the exit code": (
        False,
        {
            "conftest.py": "import pytest\n\n@pytest.hookimpl(trylast=True)\ndef pytest_sessionfinish(session):\n"
            "    if len(session.items) < 5:\n        session.exitstatus = 7\n",
            "test_a.py": PASSES,
        },
    ),
    "a hook at the end that looks at what passed": (
        True,
        {
            "conftest.py": "PASSED = []\n\ndef pytest_runtest_logreport(report):\n    PASSED.append(report)\n\n"
            "def pytest_sessionfinish(session):\n    if not PASSED:\n        session.exitstatus = 7\n",
            "test_a.py": PASSES,
        },
    ),
    "a hook at the end that has a defect": (
        False,
        {"conftest.py": "def pytest_unconfigure(config):\n    return config.nothing\n", "test_a.py": PASSES},
    ),
    "an async test that nothing awaits": (
        True,
        {
            "test_a.py": "import unittest\n\nclass TestA(unittest.TestCase):\n    async def test_a(self):\n"
            "        assert False\n"
        },
    ),
    "an expected failure that passes, strictly": (
        False,
        {
            "pytest.ini": "[pytest]\nxfail_strict = true\n",
            "test_a.py": "import pytest\n\n@pytest.mark.xfail\ndef test_a():\n    pass\n",
        },
    ),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_kit_run_and_plain_pytest_agree(tmp_path: Path, name: str) -> None:
    is_fine, files = PROJECTS[name]
    root = write_project(tmp_path / "project", files)
    variables = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest"]
    plain = subprocess.run(command, cwd=write_project(tmp_path / "plain", files), capture_output=True, check=False)
    assert (plain.returncode == 0) == is_fine, plain.stdout

    for _ in range(2 if name == "one folder for every test" else 1):
        run = run_kit("run", str(root), cwd=tmp_path, **variables)
        assert (run.returncode == 0) == is_fine, run.stdout + run.stderr


def test_a_green_run_names_the_async_tests_that_never_ran(tmp_path: Path) -> None:
    _, files = PROJECTS["an async test that nothing awaits"]
    run = run_kit("run", str(write_project(tmp_path / "project", files)), cwd=tmp_path)

    assert run.stdout.startswith("1 async test never ran: nothing awaits it\n")
    assert run.stdout.endswith("1 collected = 1 passed\n")
