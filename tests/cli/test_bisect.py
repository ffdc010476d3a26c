"""``kit run --bisect`` prints what it has found in the format that is wanted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow


def test_what_a_bisection_finds_is_json_where_that_is_wanted(tmp_path: Path) -> None:
    text = "import os\n\ndef test_a():\n    os.environ['SHOP'] = 'x'\n"
    text += "\ndef test_b():\n    assert 'SHOP' not in os.environ\n"
    write_project(tmp_path / "app", {"test_it.py": text})

    def bisect(form: str) -> tuple[int, str, str]:
        done = run_kit("run", "app", "--bisect", "test_it.py::test_b", "--format", form, cwd=tmp_path)
        return done.returncode, done.stdout, done.stderr

    code, told, _ = bisect("json")
    found = json.loads(told)
    assert (code, found["kind"], found["by"]) == (1, "polluted", ["test_it.py::test_a"])
    code, told, said = bisect("junit")
    assert (code, told, "--bisect prints text or json, not junit" in said) == (2, "", True)
