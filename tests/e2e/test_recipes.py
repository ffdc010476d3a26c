"""The commands of the recipes for CI do what the recipes are for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
APP = {
    "shop.py": "def price():\n    return 1\n",
    "test_shop.py": "import shop\n\n\ndef test_a(): assert shop.price() == 1\n",
}
_COMMAND = re.compile(r"^\s*(?:- |entry: |run: )?(kit (?:scan|run) .*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("ci") / "app", APP)


def sh(command: str, app: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A shell command in the app's folder, as a CI server runs it."""
    out = app.parent
    own = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "OUT": str(out), "REPORTS": f"{out}/reports"}
    return subprocess.run(
        ["bash", "-c", command], cwd=app, env={**os.environ, **own, **more}, capture_output=True, text=True
    )


def commands(recipe: str) -> list[str]:
    found = _COMMAND.findall((ROOT / "recipes" / recipe).read_text(encoding="utf-8"))
    assert found, recipe
    return found


@pytest.mark.parametrize("recipe", ["github.yml", "gitlab.yml", "Jenkinsfile", "pre-commit.yaml"])
def test_every_command_of_a_recipe_runs(app: Path, recipe: str) -> None:
    before = fingerprint(app)
    summary = app.parent / "summary.md"

    for command in commands(recipe):
        done = sh(command, app, GITHUB_STEP_SUMMARY=str(summary))
        assert done.returncode == 0, (command, done.stderr)

    if recipe == "github.yml":
        assert "1 collected = 1 passed" in summary.read_text()
    if recipe == "gitlab.yml":
        assert json.loads((app.parent / "codequality.json").read_text()) == []
    if recipe in ("gitlab.yml", "Jenkinsfile"):
        assert ET.parse(app.parent / "junit.xml").find(".//testcase") is not None
    assert fingerprint(app) == before


def test_recipes_and_action_are_valid_yaml() -> None:
    for file in [ROOT / "action.yml", *ROOT.glob("recipes/*.y*ml")]:
        assert isinstance(yaml.safe_load(file.read_text(encoding="utf-8")), dict)


def test_no_input_of_the_action_is_pasted_into_a_script() -> None:
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]

    assert [one["run"] for one in steps if "${{" in one["run"]] == []
    assert any("incident-kit$KIT_VERSION" in one["run"] and "KIT_VERSION" in one["env"] for one in steps)


def test_the_action_fails_on_what_is_new_alone(tmp_path: Path) -> None:
    broken = {**APP, "test_shop.py": "def test_a(): raise LookupError('no apples')\n"}
    app = write_project(tmp_path / "app", broken)
    script = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"][1]["run"]
    tool = tmp_path / "kit/bin"
    tool.mkdir(parents=True)
    (tool / "kit").symlink_to(Path(sys.executable).parent / "kit")
    given = {
        "RUNNER_TEMP": str(tmp_path),
        "KIT_COMMAND": "run",
        "KIT_PATH": ".",
        "KIT_FAIL_ON": "new",
        "KIT_REPORTS": str(tmp_path / "reports"),
        "KIT_ARGUMENTS": "--recheck-s 0",
        "GITHUB_WORKSPACE": str(app),
    }

    first = sh(script, app, **given)
    second = sh(script, app, **given)

    assert (first.returncode, second.returncode) == (1, 0), (first.stderr, second.stderr)
    assert first.stdout.startswith("::error file=test_shop.py,line=1,")


def test_the_nightly_run_compares_with_the_night_before(app: Path) -> None:
    reports = app.parent / "nights"
    earlier = sh("kit run . --case before --reports-dir ../nights", app)
    assert earlier.returncode == 0, earlier.stderr

    done = sh(str(ROOT / "recipes" / "nightly.sh"), app, APP=str(app), REPORTS=str(reports))

    assert done.returncode == 0, done.stderr
    assert "**UNCHANGED: no cause in either case, no test broken**" in done.stdout
    assert len([*reports.glob("night-*.ipynb")]) == 2
