"""Every finding about an outside library can be run, and is listed."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "findings"


def test_every_finding_can_be_run_and_is_listed() -> None:
    scripts = sorted(FOLDER.glob("*.sh"))
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert scripts
    assert [one.name for one in scripts if not os.access(one, os.X_OK)] == []
    assert [one.name for one in scripts if f"`{one.stem}`" not in listed] == []
