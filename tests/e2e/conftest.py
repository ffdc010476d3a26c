"""One investigation of the whole demo, made once and looked at by many tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kit.demo import DEMO_ROOT
from tests.helpers import fingerprint, run_kit


@dataclass(frozen=True)
class Investigated:
    """What ``kit investigate`` left behind and said."""

    folder: Path
    incident: dict[str, Any]
    stdout: str
    stderr: str
    returncode: int
    demo_before: dict[str, str]


@pytest.fixture(scope="session")
def demo_case(tmp_path_factory: pytest.TempPathFactory) -> Investigated:
    """``kit investigate`` of the demo, as a user would call it."""
    here = tmp_path_factory.mktemp("demo")
    before = fingerprint(DEMO_ROOT)
    run = run_kit(
        "investigate",
        "--demo",
        "--case",
        "demo",
        "--timeout-s",
        "10",
        "--trial-budget-s",
        "900",  # on a busy machine too, the final trial of every test is to be made
        cwd=here,
        timeout_s=1500,
    )
    folder = here / "reports" / "demo"
    incident = json.loads((folder / "incident.json").read_text()) if (folder / "incident.json").exists() else {}
    return Investigated(folder, incident, run.stdout, run.stderr, run.returncode, before)
