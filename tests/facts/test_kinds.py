"""The fixed names are those of the rules, and a misspelt one fails the type check."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

import kit.inventory.findings
from kit.causes.detectors import detectors
from kit.causes.detectors.static_finding import KINDS
from kit.facts.case import STAGES
from kit.facts.kinds import CategoryKey, CauseKind, FindingKind, StageName
from kit.failures.categories import rules

ROOT = Path(__file__).parents[2]


def test_categories_are_those_of_the_rules() -> None:
    assert sorted(rule.key for rule in rules()) == list(get_args(CategoryKey))


def test_kinds_of_causes_are_those_of_the_detectors() -> None:
    assert {detector.kind for detector in detectors()} == set(get_args(CauseKind))


def test_kinds_of_findings_are_those_that_the_rules_name() -> None:
    texts = [path.read_text() for path in Path(kit.inventory.findings.__file__).parent.glob("*.py")]
    named = {kind for text in texts for kind in re.findall(r'^[A-Z_]+(?:: Final)? = "([a-z-]+)"$', text, re.MULTILINE)}
    assert named == set(get_args(FindingKind))
    assert KINDS.keys() <= named


def test_stages_are_those_of_the_notebooks() -> None:
    assert tuple(STAGES) == get_args(StageName)


MISSPELT = """
from kit.causes.detector import Detector
from kit.causes.scene.scene import in_category
from kit.facts.case import STAGES

in_category((), "datetime")
in_category((), "datetimes")
Detector(rank=1, kind="flaky-tests", find=lambda scene, groups: ())
STAGES["test_batch"]
"""


@pytest.mark.slow
def test_a_misspelt_name_fails_the_type_check(tmp_path: Path) -> None:
    file = tmp_path / "misspelt.py"
    file.write_text(MISSPELT)
    cache = ROOT / ".mypy_cache"  # that of the project's own check
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(cache), str(file)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    errors = [line for line in run.stdout.splitlines() if "error:" in line]
    assert [re.findall(r"datetimes|flaky-tests|test_batch\b", error) for error in errors] == [
        ["datetimes"],
        ["flaky-tests"],
        ["test_batch"],
    ], run.stdout + run.stderr
