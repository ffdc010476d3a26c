"""A known issue does not decide the exit code, a new one does; options stand in the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

TESTS = "def test_apple():\n    raise LookupError('no apples')\n\n\ndef test_bread():\n    pass\n"


def run(folder: Path) -> tuple[int, str]:
    done = run_kit("run", "app", "--reports-dir", "reports", cwd=folder)
    return done.returncode, done.stderr


def test_a_baseline_accepts_what_is_there_and_nothing_else(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_shop.py": TESTS, "kit.toml": "recheck_s = 0\n"})
    run_kit("run", "app", "--case", "one", "--reports-dir", "reports", cwd=tmp_path)

    done = run_kit("baseline", "one", "--reason", "later", "--reports-dir", "reports", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "app/kit.toml").read_text().startswith("recheck_s = 0\n\n# LookupError: no apples\n[[known]]\n")

    code, told = run(tmp_path)
    assert (code, "known: failure-group:" in told) == (0, True)

    (tmp_path / "app/test_shop.py").write_text(TESTS.replace("    pass\n", "    raise LookupError('no bread')\n"))
    assert run(tmp_path)[0] == 1

    accepted = (tmp_path / "app/kit.toml").read_text()
    (tmp_path / "app/test_shop.py").write_text(TESTS)
    (tmp_path / "app/kit.toml").write_text("\n".join(
        "expires = 2020-01-01" if line.startswith("expires") else line for line in accepted.splitlines()
    ))  # fmt: skip
    code, told = run(tmp_path)
    assert (code, "known, but expired" in told) == (1, True)


def test_options_stand_in_the_configuration_and_the_command_line_wins(tmp_path: Path) -> None:
    files = {"a/test_a.py": "def test_a(): pass\n", "b/test_b.py": "def test_b(): pass\n"}
    write_project(tmp_path / "app", {**files, "pyproject.toml": "[tool.kit]\ntests = ['a']\n"})

    def collected(*more: str) -> str:
        return run_kit("run", "app", "--reports-dir", "reports", *more, cwd=tmp_path).stdout.strip().splitlines()[-1]

    assert collected() == "1 collected = 1 passed"
    assert collected("--tests", "a", "--tests", "b") == "2 collected = 2 passed"

    (tmp_path / "app/pyproject.toml").write_text("[tool.kit]\nworker = 2\n")
    done = run_kit("run", "app", "--reports-dir", "reports", cwd=tmp_path)
    assert (done.returncode, 'unknown option "worker"; did you mean workers?' in done.stderr) == (2, True)


def test_a_scan_passes_with_accepted_findings(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"shop.py": "def f(:\n", "test_a.py": "import shop\n\n\ndef test_a(): pass\n"})
    assert run_kit("scan", "app", cwd=tmp_path).returncode == 1

    known = '[[known]]\nid = "unparsable-file:shop.py"\nreason = "generated"\n'
    (tmp_path / "app/kit.toml").write_text(known)
    assert run_kit("scan", "app", cwd=tmp_path).returncode == 0
