"""Upgrades that are tried on the tests: real environments, into which pip installs wheels that are made here."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.facts.errors import TargetError
from kit.facts.target import Target
from kit.facts.upgrade_trials import UpgradeTrial
from kit.facts.upgrades import Move
from kit.fixes import UpgradeTrials
from kit.suite import RunOptions
from kit.target import find_target, layered_target
from tests.helpers import write_project
from tests.target.making import make_environment

pytestmark = pytest.mark.slow

PRICES = """
import prices

def test_kept(): assert prices.NAME == "prices"
def test_rounded(): assert prices.rounded(1.25) == 1.3
def test_failing(): assert prices.NAME == "other"
"""
NAMES = "from prices import old_name\n\ndef test_old(): assert old_name() == 1\n"
OLD = 'NAME = "prices"\ndef rounded(value): return 1.3\ndef old_name(): return 1\n'
NEW = 'NAME = "prices"\ndef rounded(value): return 1.2\n'


def _wheel(folder: Path, name: str, version: str, source: str, requires: str = "") -> Path:
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    required = f"Requires-Dist: {requires}\n" if requires else ""
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", source)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """An app whose environment lies in its tree; pip finds releases in a folder of this machine."""
    base = tmp_path_factory.mktemp("upgrading")
    root = write_project(base / "app", {"tests/test_prices.py": PRICES, "tests/test_names.py": NAMES})
    packages = next(make_environment(root / ".venv").glob("lib/python3*/site-packages"))
    (packages / "below.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    shelf = base / "shelf"
    shelf.mkdir()
    for wheel in (
        _wheel(shelf, "prices", "1.0", OLD),
        _wheel(shelf, "taxes", "1.0", ""),
        _wheel(shelf, "rates", "1.0", ""),
    ):
        zipfile.ZipFile(wheel).extractall(packages)
    _wheel(shelf, "prices", "2.0", NEW)
    _wheel(shelf, "taxes", "2.0", "", requires="prices>=2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(shelf))
        yield find_target(root)


@pytest.fixture(scope="module")
def tried(target: Target) -> dict[str, UpgradeTrial]:
    with UpgradeTrials(target, RunOptions(workers=1)) as trials:
        trials.measure_before()
        wanted = {"taxes": "", "rates": "", "missing": "9"}
        return {name: trials.attempt(name, version) for name, version in wanted.items()}


def test_each_test_is_in_one_cell_and_what_broke_has_its_reason(tried: dict[str, UpgradeTrial]) -> None:
    trial = tried["taxes"]
    found = trial.comparison

    assert found is not None
    assert found.holds()
    assert (found.before, found.kept, found.still_failing) == (4, 1, 1)
    assert found.broken == ("tests/test_prices.py::test_rounded",)
    assert found.gone == ("tests/test_names.py::test_old",)
    assert sorted((reason.tests, reason.files) for reason in trial.reasons) == [(0, 1), (1, 0)]
    assert any("old_name" in reason.title for reason in trial.reasons)


def test_what_has_to_move_with_it_is_told(tried: dict[str, UpgradeTrial]) -> None:
    trial = tried["taxes"]

    assert (trial.before, trial.after, trial.breaks) == ("1.0", "2.0", True)
    assert trial.moved == (Move("prices", "1.0", "2.0", ""),)


def test_without_a_newer_release_nothing_is_tried(tried: dict[str, UpgradeTrial]) -> None:
    assert (tried["rates"].after, tried["rates"].comparison, tried["rates"].breaks) == ("1.0", None, False)


def test_a_release_that_pip_does_not_find_is_no_upgrade_that_breaks(tried: dict[str, UpgradeTrial]) -> None:
    trial = tried["missing"]

    assert (trial.after, trial.breaks) == ("", False)
    assert "could not install missing==9 with pip" in trial.problem


def test_the_environment_of_the_target_is_only_read_and_the_layer_is_gone(target: Target) -> None:
    before = sorted(Path(target.root).rglob("*"))

    with layered_target(target, ["prices"]) as layered:
        assert layered.interpreter is not None
        python = layered.interpreter.executable
        asked = [
            python,
            "-c",
            "import prices, importlib.metadata as m; print(hasattr(prices, 'old_name'), m.version('prices'))",
        ]
        said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
        moved = {name for name, version in layered.interpreter.installed.items() if version != _own(target).get(name)}

    assert (said, moved) == (["False", "2.0"], {"prices"})
    assert not Path(python).exists()
    assert sorted(Path(target.root).rglob("*")) == before


def test_a_suite_that_does_not_start_has_nothing_to_compare(tmp_path: Path) -> None:
    root = write_project(
        tmp_path / "app", {"tests/test_a.py": "", "pytest.ini": "[pytest]\naddopts = --no-such-option\n"}
    )
    alone = find_target(root, python=sys.executable)

    with UpgradeTrials(alone, RunOptions(workers=1)) as trials, pytest.raises(TargetError, match="nothing to compare"):
        trials.measure_before()


def _own(target: Target) -> dict[str, str]:
    return target.interpreter.installed if target.interpreter else {}


def test_where_the_suite_does_not_start_as_it_is_nothing_is_held_back(target: Target) -> None:
    added = {
        "pytest.ini": "[pytest]\nfilterwarnings = error\nunknown_option = 1\n",
        "tests/test_gone.py": "import gone\n",
    }
    root = write_project(target.path, added)
    try:
        with UpgradeTrials(find_target(root), RunOptions(workers=1)) as trials:
            trials.measure_before()
            found = trials.attempt("prices", "2.0")
    finally:
        for name in added:
            (root / name).unlink()

    assert (found.after, found.breaks) == ("", False)
    assert found.problem.startswith("without it the suite does not start either: ")
