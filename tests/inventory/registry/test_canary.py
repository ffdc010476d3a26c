"""The canary: test modules that are really run alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.inventory import Inventory
from kit.inventory.registry.canary import configure_alone
from tests.helpers import write_project
from tests.inventory.projects import target_at
from tests.inventory.registry.test_prediction import PROJECT

pytestmark = pytest.mark.slow

PATHS = [path for path in PROJECT if path.rpartition("/")[2].startswith("test_")]


def test_what_is_predicted_is_what_happens(tmp_path: Path) -> None:
    target = target_at(write_project(tmp_path, PROJECT))
    inventory = Inventory.of(target, runtime=False)
    alone = configure_alone(target, PATHS)
    assert [one.path for one in alone] == PATHS
    assert {one.path for one in alone if one.outcome == "fails"} == {one.path for one in inventory.prediction()}
    assert {one.outcome for one in alone} == {"fails", "configures"}
    assert {one.outcome for one in inventory.confirm(target)} == {"fails"}
    (twice,) = [one for one in alone if one.path == "tests/test_twice.py"]
    assert 'Multiple classes found for path "User"' in twice.said


def test_a_module_that_cannot_be_collected_says_so_and_the_next_is_run(tmp_path: Path) -> None:
    files = {
        "tests/test_broken.py": "import nowhere",
        "tests/test_ended.py": "import os\nos._exit(3)",
        "tests/test_left.py": "raise SystemExit",
        "tests/test_fine.py": "def test(): ...",
    }
    alone = configure_alone(target_at(write_project(tmp_path, files)), list(files))
    assert [one.outcome for one in alone] == ["not collected"] * 3 + ["configures"]
    assert alone[1].said == "ended with status 768"


LATE = f"""from sqlalchemy import event
from sqlalchemy.orm import Mapper
{PROJECT["app/db.py"]}
@event.listens_for(Mapper, "before_configured")
def load():
    from app import everything
"""


def test_a_target_that_imports_the_rest_when_mappers_are_configured_has_no_prediction(tmp_path: Path) -> None:
    target = target_at(write_project(tmp_path, {**PROJECT, "app/db.py": LATE}))
    assert Inventory.of(target, runtime=False).prediction() == ()
    (alone,) = configure_alone(target, ["tests/test_order.py"])
    assert alone.outcome == "configures"
