"""An app on PyPy, which has no such collector as CPython's: here, on CPython without what PyPy lacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

APP = {
    "pytest.ini": "[pytest]\n",
    "shop.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "test_a.py": """
        import gc, shop

        def test_a():
            assert not hasattr(gc, "freeze")

        def test_b():
            assert 0
    """,
}
CUSTOMIZED = """
    import gc, os, sys
    for module, names in {
        gc: "freeze unfreeze get_freeze_count is_tracked get_threshold set_threshold callbacks",
        os: "O_ACCMODE", sys: "getrefcount",
    }.items() if any(word.endswith("start.py") for word in sys.orig_argv) else ():  # in probes, and not in kit
        for name in names.split():
            vars(module).pop(name, None)
"""


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_its_tests_run_and_its_mappers_are_read(tmp_path: Path, isolation: str) -> None:
    write_project(tmp_path / "app", APP)
    write_project(tmp_path / "custom", {"sitecustomize.py": CUSTOMIZED})
    words = ("investigate", "app", "--isolation", isolation, "--case", "c", "--no-trials")

    done = run_kit(*words, cwd=tmp_path, timeout_s=300, PYTHONPATH=str(tmp_path / "custom"))

    incident = json.loads((tmp_path / "reports" / "c" / "incident.json").read_text(encoding="utf-8"))
    outcomes = {test["nodeid"]: test["outcome"] for test in incident["tests"]}
    assert outcomes == {"test_a.py::test_a": "passed", "test_a.py::test_b": "failed"}, done.stderr
    assert "could not" not in done.stderr
