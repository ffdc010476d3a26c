"""A known issue does not decide the exit code, a new one does; options stand in the same file."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from kit.cli.baseline import _add
from kit.facts.errors import UsageError
from kit.store import Store, default_url
from kit.target import find_project_config
from tests.causes.scenes import inventory
from tests.helpers import run_kit, write_project
from tests.history.moments import case_at

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


def test_what_is_new_is_said_or_that_nothing_is(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_shop.py": TESTS})

    def run_new(name: str) -> tuple[int, str]:
        more = ["--case", name, "--fail-on", "new", "--recheck-s", "0", "--reports-dir", "reports"]
        done = run_kit("run", "app", *more, cwd=tmp_path)
        return done.returncode, done.stderr

    assert run_new("one")[0] == 1
    code, told = run_new("two")
    assert (code, "1 test failing, none new since one" in told) == (0, True)

    (tmp_path / "app/test_shop.py").write_text(TESTS.replace("    pass\n", "    raise LookupError('no bread')\n"))
    code, told = run_new("three")
    assert (code, "2 tests failing; new since two: failure-group:" in told) == (1, True)


def recorded(folder: Path, tests: dict[str, str | None]) -> None:
    """A case "at-1" of the app in a folder, whose tests had these outcomes."""
    case = case_at(1, tests, inventory=inventory())
    assert case.suite
    assert case.grouping
    (folder / "reports").mkdir()
    store = Store(default_url(folder / "reports"))
    store.save_case(replace(case.case, target=replace(case.case.target, root=str(folder / "app"))))
    store.save_suite("at-1", case.suite)
    store.save_diagnosis("at-1", case.grouping, case.causes or ())
    store.close()


def baseline(folder: Path) -> tuple[int, str]:
    done = run_kit("baseline", "at-1", "--reason", "later", "--reports-dir", "reports", cwd=folder)
    return done.returncode, done.stderr


def test_a_baseline_keeps_the_line_ends_of_the_file(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_a.py": ""})
    recorded(tmp_path, {"test_a.py::test_a": "no apples"})
    before = b'[project]\r\nname = "shop"\r\n\r\n[tool.kit]\r\nrecheck_s = 0\r\n'
    file = tmp_path / "app/pyproject.toml"
    file.write_bytes(before)
    file.chmod(0o664)

    assert baseline(tmp_path)[0] == 0

    after = file.read_bytes()
    assert after.startswith(before)
    assert b"[[tool.kit.known]]" in after
    assert after.count(b"\n") == after.count(b"\r\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o664
    assert sorted(path.name for path in file.parent.iterdir()) == ["pyproject.toml", "test_a.py"]


def test_a_baseline_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    write_project(tmp_path / "app", {"kit.toml": "recheck_s = 0\n"})
    monkeypatch.setattr("tempfile.mkstemp", refuse)

    with pytest.raises(UsageError, match=r"kit.toml cannot be written \(Permission denied\): use --print"):
        _add("\n[[known]]\n", find_project_config(tmp_path / "app"))
    assert (tmp_path / "app/kit.toml").read_text() == "recheck_s = 0\n"


def test_a_baseline_of_a_green_case_says_that_nothing_is_written(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_a.py": ""})
    recorded(tmp_path, {"test_a.py::test_a": None})

    code, told = baseline(tmp_path)

    assert (code, "nothing is written: at-1 has no cause or blocking finding" in told) == (0, True)
    assert "kit.toml" not in told


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


def test_a_known_issue_that_is_not_right_is_refused_before_any_test_runs(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_a.py": "def test_a(): pass\n", "kit.toml": "[[known]]\nid = 3\n"})

    done = run_kit("run", "app", "--reports-dir", "reports", cwd=tmp_path)

    assert (done.returncode, "known issue 1: id is not a text" in done.stderr) == (2, True)
    assert "collecting" not in done.stderr


def test_a_scan_passes_with_accepted_findings(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"shop.py": "def f(:\n", "test_a.py": "import shop\n\n\ndef test_a(): pass\n"})
    assert run_kit("scan", "app", cwd=tmp_path).returncode == 1

    known = '[[known]]\nid = "unparsable-file:shop.py"\nreason = "generated"\n'
    (tmp_path / "app/kit.toml").write_text(known)
    assert run_kit("scan", "app", cwd=tmp_path).returncode == 0


def test_where_nothing_is_to_accept_no_file_is_named(tmp_path: Path) -> None:
    write_project(tmp_path / "app", {"test_a.py": "def test_a(): pass\n"})
    run_kit("run", "app", "--case", "one", "--reports-dir", "reports", cwd=tmp_path)

    done = run_kit("baseline", "one", "--reason", "later", "--reports-dir", "reports", cwd=tmp_path)

    assert (done.returncode, "nothing is written" in done.stderr) == (0, True)
    assert "kit.toml" not in done.stderr
