"""A link that cannot be followed ends no command: what else there is, is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project


@pytest.mark.slow
def test_links_that_lead_in_a_circle_are_passed_over(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project", {"app.py": "", "test_a.py": "import app\ndef test_a(): pass\n"})
    for name in ("loop", "loop.py"):
        (project / name).symlink_to(name)

    scanned = run_kit("scan", "project", cwd=tmp_path)
    importers = run_kit("importers", "project", "app", cwd=tmp_path)
    ran = run_kit("run", "project", cwd=tmp_path)

    assert scanned.returncode == 0, scanned.stderr
    assert "test_a.py:1" in importers.stdout, importers.stderr
    assert "1 passed" in ran.stdout, ran.stderr
