"""A file whose name is not UTF-8 costs no command its end: what else there is, is run, recorded and chosen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each name is Unicode"),
]


def odd(project: Path, name: bytes) -> Path:
    return Path(os.fsdecode(os.fsencode(project) + b"/" + name))


def test_every_command_takes_a_test_file_whose_name_is_not_utf8(tmp_path: Path) -> None:
    project = write_project(
        tmp_path / "project", {"shop.py": "def f(): return 1\n", "test_b.py": "import shop\ndef test_b(): assert 0\n"}
    )
    for name in (b"test_\xff.py", b"test_\xfe.py"):
        odd(project, name).write_text("import shop\ndef test_odd(): assert shop.f()\n")

    ran = run_kit("run", "project", "--case", "c", "--recheck-s", "0", cwd=tmp_path)
    shown = run_kit("show", "c", cwd=tmp_path)
    scanned = run_kit("scan", "project", cwd=tmp_path)
    importers = run_kit("importers", "project", "shop", cwd=tmp_path)
    odd(project, b"test_\xff.py").write_text("import shop\ndef test_odd(): assert not shop.f()\n")
    chosen = run_kit("run", "project", "--changed", "--recheck-s", "0", cwd=tmp_path)

    assert (ran.returncode, "3 collected = 2 passed + 1 failed" in ran.stdout) == (1, True), ran.stderr
    assert "3 collected = 2 passed + 1 failed" in shown.stdout, shown.stderr
    assert scanned.returncode == 0, scanned.stderr
    assert "test_b.py:1" in importers.stdout, importers.stderr
    assert "2 failed" in chosen.stdout, chosen.stdout + chosen.stderr
