"""The head of the sample cases: the target, the case, its stages."""

from __future__ import annotations

from kit.facts.case import STAGES, Case, Stage, StageOutcome
from kit.facts.target import Interpreter, PytestConfig, Reason, Target

BASE = "backend.app.core.db.Base"
AREAS = ("auth", "users", "quotas", "profile", "reports", "web3", "admin", "privacy", "paper", "copy", "exports")

TARGET = Target(
    root="/home/dev/src/trading",
    name="trading",
    interpreter=Interpreter(
        executable="/home/dev/src/trading/.venv/bin/python",
        version="3.12.4",
        packages={"sqlalchemy": "2.0.36", "pytest": "8.3.4", "fastapi": "0.115.6", "aiosqlite": "0.20.0"},
    ),
    import_roots=(".",),
    test_paths=("backend/tests",),
    config=PytestConfig(path="pyproject.toml", addopts=("--maxfail=1", "-q"), testpaths=("backend/tests",)),
    reasons=(
        Reason("interpreter", ".venv/bin/python", "the virtual environment beside the tree"),
        Reason("import root", ".", "pyproject.toml: [tool.pytest.ini_options] pythonpath"),
        Reason("tests", "backend/tests", "pyproject.toml: [tool.pytest.ini_options] testpaths"),
    ),
    revision="4f1c2ab9d07e5b3a6c81",
    dirty=True,
)

CASE = Case(
    id="trading-20261123-0633",
    started="2026-11-23T06:33:04+00:00",
    kit_version="0.1.0",
    target=TARGET,
    parameters={
        "target": "/home/dev/src/trading",
        "case": "trading-20261123-0633",
        "python": "",
        "tests": [],
        "app": [],
        "timeout_s": 30.0,
        "workers": 2,
        "store_url": "",
    },
    first_cause_after=2.84,
)


def stages(**changes: tuple[StageOutcome, float | None, str | None]) -> tuple[Stage, ...]:
    """The stages of a case that went well, but for ``changes``."""
    seconds = (6.1, 3.2, 48.7, 2.4, 21.5, None)
    made = []
    for index, (name, took) in enumerate(zip(STAGES, seconds, strict=True)):
        outcome: StageOutcome = "done" if took is not None else "running"
        outcome, took, error = changes.get(name, (outcome, took, None))
        made.append(Stage(name, outcome, f"2026-11-23T06:{33 + index:02d}:05+00:00", took, error))
    return tuple(made)
