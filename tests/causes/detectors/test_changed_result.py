"""A failure that could come of anything is a release's doing only where its tests come to a line that it concerns."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.target import Distribution
from kit.facts.upgrades import Environment
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.records import FileRecord
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with
from tests.helpers import write_project


@pytest.mark.parametrize(("validator", "told"), [("lambda size: size > 0", True), ("validate.Range(min=1)", False)])
def test_a_line_of_the_tests_tells(tmp_path: Path, validator: str, told: bool) -> None:
    text = f"from marshmallow import fields, validate\n\nsize = fields.Int(validate={validator})\n"
    declared = Declarations(Trees(write_project(tmp_path, {"tests/test_a.py": text}), (FileRecord("tests/test_a.py"),)))
    failure = failure_with("assert 200 == 422")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    around = Environment((Distribution("marshmallow", "4.1.0"),))

    (cause,) = find_causes(None, facts, group_failures(facts), source=lambda: declared, environment=around)

    assert (cause.id == "changed-result:marshmallow-validator-returns-false") is told


TEXT = "from marshmallow import fields\n\nsize = fields.Int(validate=lambda size: size > 0)\n"


def kinds(folder: Path, files: dict[str, str], *installed: Distribution) -> list[str]:
    """The kinds of the causes where ``tests/test_a.py`` fails and these releases are installed."""
    records = tuple(FileRecord(path) for path in files)
    declared = Declarations(Trees(write_project(folder, {**files}), records))
    failure = failure_with("assert 200 == 422")
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    around = Environment(installed)
    found = find_causes(None, facts, group_failures(facts), source=lambda: declared, environment=around)
    return [cause.kind for cause in found]


@pytest.mark.parametrize("version", ["3.26.1", "3.0.0", "not a version"])
def test_a_release_before_the_change_is_not_blamed(tmp_path: Path, version: str) -> None:
    assert kinds(tmp_path, {"tests/test_a.py": TEXT}, Distribution("marshmallow", version)) != ["changed-result"]


def test_a_library_that_is_not_installed_is_not_blamed(tmp_path: Path) -> None:
    assert kinds(tmp_path, {"tests/test_a.py": TEXT}, Distribution("pydantic", "2.9")) != ["changed-result"]


def test_a_line_of_another_test_file_is_not_blamed(tmp_path: Path) -> None:
    files = {"tests/test_a.py": "def test_a(): ...\n", "tests/test_b.py": TEXT}

    assert kinds(tmp_path, files, Distribution("marshmallow", "4.1.0")) != ["changed-result"]
