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
