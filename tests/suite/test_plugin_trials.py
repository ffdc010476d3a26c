"""Installed plugins that keep pytest from starting, in real environments."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest

from kit.case.investigation import Investigation
from kit.case.options import CaseOptions
from kit.facts.starting import InstalledPlugin
from kit.suite import RunOptions, run_suite
from kit.suite.collect.plugins import smallest, try_plugins
from kit.target import find_target
from tests.causes.apps import PYPROJECT
from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow

FILES = {"pyproject.toml": PYPROJECT, "tests/test_a.py": "def test_a():\n    pass\n\ndef test_b():\n    pass\n"}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that has the packages of this one, and room for more; its plugins are loaded."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", raising=False)
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    (packages / "shared.pth").write_text(sysconfig.get_path("purelib") + os.linesep)
    return folder


def install(environment: Path, name: str, code: str) -> None:
    """A distribution ``pytest-NAME`` with a plugin of this code."""
    (packages,) = environment.glob("lib/python3*/site-packages")
    module = f"pytest_{name}"
    files = {
        f"{module}.py": code,
        f"{module}-1.2.dist-info/METADATA": f"Metadata-Version: 2.1\nName: pytest-{name}\nVersion: 1.2\n",
        f"{module}-1.2.dist-info/entry_points.txt": f"[pytest11]\n{name} = {module}\n",
    }
    write_project(packages, files)


@pytest.mark.parametrize(
    "code",
    [
        "def pytest_configure(config):\n    raise RuntimeError('this pytest is too new')\n",
        "import os\n\ndef pytest_sessionstart(session):\n    os._exit(3)\n",
    ],
)
def test_a_plugin_that_keeps_pytest_from_starting_is_found_by_leaving_plugins_out(
    tmp_path: Path, environment: Path, code: str
) -> None:
    install(environment, "fine", "def pytest_report_header():\n    return 'fine'\n")
    install(environment, "harmful", code)
    root = write_project(tmp_path / "shop", FILES)
    before = fingerprint(root)
    target = find_target(root, python=str(environment / "bin/python"))
    suite = run_suite(target, events=tmp_path / "events.jsonl", options=RunOptions(workers=1, timeout_s=20))
    assert suite.problem
    assert not suite.tests

    trial = try_plugins(target)

    assert trial is not None
    assert trial.plugins == (InstalledPlugin("harmful", "pytest-harmful", "1.2"),)
    assert (trial.tests, trial.command) == (2, "python -m pytest -p no:harmful")
    assert fingerprint(root) == before


def test_what_a_plugin_raised_that_cannot_be_loaded_is_told(tmp_path: Path, environment: Path) -> None:
    install(environment, "harmful", "raise TypeError('this pytest is too new')\n")
    root = write_project(tmp_path / "shop", FILES)

    suite = run_suite(
        find_target(root, python=str(environment / "bin/python")),
        events=tmp_path / "events.jsonl",
        options=RunOptions(workers=1, timeout_s=20),
    )

    assert suite.problem
    assert "TypeError: this pytest is too new" in suite.problem


def test_a_case_tries_plugins_when_pytest_does_not_start_and_keeps_what_it_finds(
    tmp_path: Path, environment: Path
) -> None:
    install(environment, "harmful", "import a_module_of_an_old_pytest\n")
    root, reports = write_project(tmp_path / "shop", FILES), str(tmp_path / "reports")
    request = CaseOptions.of(str(root), case="c", reports_dir=reports, python=str(environment / "bin/python"))
    investigation = Investigation.start(request)
    try:
        investigation.map_registry()
        investigation.run_tests()
        _, causes = investigation.diagnose()
        suite = investigation.facts.suite
        fixes = investigation.try_fixes(lambda _: None)
    finally:
        investigation.store.close()

    assert suite is not None
    assert suite.plugin_trial is not None
    assert [plugin.distribution for plugin in suite.plugin_trial.plugins] == ["pytest-harmful"]
    assert causes[0].id == "plugin-broken:harmful"
    assert fixes.recommended == {"plugin-broken:harmful": "disable-plugin:plugin-broken:harmful"}
    assert [(layer.newly_collected, layer.passed) for layer in fixes.layers] == [(2, 2)]


def test_plugins_are_not_blamed_for_a_suite_that_starts_or_for_a_conftest_that_fails(
    tmp_path: Path, environment: Path
) -> None:
    install(environment, "fine", "def pytest_report_header():\n    return 'fine'\n")
    python = str(environment / "bin/python")

    healthy = find_target(write_project(tmp_path / "healthy", FILES), python=python)
    broken = find_target(write_project(tmp_path / "broken", {**FILES, "conftest.py": "1 / 0\n"}), python=python)

    assert try_plugins(healthy) is None
    assert try_plugins(broken) is None


@pytest.mark.parametrize("harmful", [{"a"}, {"h"}, {"d"}, {"a", "h"}, {"c", "d"}])
def test_halves_are_left_out_until_the_fewest_plugins_are_found(harmful: set[str]) -> None:
    plugins = [InstalledPlugin(name, f"pytest-{name}", "1") for name in "abcdefgh"]
    asked: list[int] = []

    def starts(without: Sequence[InstalledPlugin]) -> bool:
        asked.append(len(without))
        return harmful <= {plugin.name for plugin in without}

    found = {plugin.name for plugin in smallest(plugins, starts, most=11)}

    assert harmful <= found
    assert len(found) == (1 if len(harmful) == 1 else 8 if "h" in harmful else 2)
    assert len(asked) <= 11


def test_where_pytest_starts_with_none_of_them_left_out_or_not_no_plugin_is_blamed() -> None:
    assert smallest([InstalledPlugin("a", "pytest-a", "1")], lambda _: False, most=5) == ()
