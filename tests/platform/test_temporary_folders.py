"""A temporary folder of kit is gone with its owner, or when the next kit starts after its owner was killed."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.platform.temporary_folders import PREFIX, sweep_stale, temporary_folder

KIT = Path(__file__).parents[2] / "kit"

#: where folders are made that need no owner: those of the target's processes, and what makes the owned ones
_ELSEWHERE = ("probes", "demo", "platform/temporary_folders.py")

_PROGRAM = """
import sys, time
from kit.platform.temporary_folders import temporary_folder
with temporary_folder() as folder:
    (folder / "deep" / "er").mkdir(parents=True)
    print(folder, flush=True)
    if sys.argv[1] == "waits":
        time.sleep(600)
    if sys.argv[1] == "ends":
        sys.exit()
"""


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def program(how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, how],
        env={**os.environ, "TMPDIR": tempfile.gettempdir(), "PYTHONPATH": str(KIT.parent)},
        stdout=subprocess.PIPE,
        text=True,
    )


def folder_of(process: subprocess.Popen[str]) -> Path:
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert folder.parent == Path(tempfile.gettempdir())
    return folder


def aged(folder: Path) -> Path:
    """The same folder, as if it had been made an hour ago."""
    hour_ago = time.time() - 3_600
    os.utime(folder, (hour_ago, hour_ago))
    return folder


def test_a_folder_is_private_and_goes_away_with_all_that_is_in_it() -> None:
    with temporary_folder() as folder:
        assert folder.name.startswith(PREFIX)
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "deep").mkdir()
        (folder / "deep" / "file").touch()
        (folder / "deep").chmod(0o500)
    assert not folder.exists()


@pytest.mark.parametrize("how", ["returns", "ends"])
def test_a_folder_is_gone_when_its_process_has_ended(how: str) -> None:
    with program(how) as process:
        folder = folder_of(process)
    assert not folder.exists()


@pytest.mark.posix("Windows removes no file that is open, such as the lock that the next kit holds meanwhile")
def test_the_folder_of_a_killed_owner_is_removed_by_the_next_kit() -> None:
    with program("waits") as process:
        folder = folder_of(process)
        process.send_signal(signal.SIGKILL)
    assert folder.exists()

    sweep_stale()
    assert folder.exists(), "it might be in the making"
    aged(folder)
    with program("returns") as following:
        following.wait()
    assert not folder.exists()


def test_the_folder_of_a_living_owner_is_never_removed() -> None:
    with program("waits") as process:
        folder = aged(folder_of(process))
        sweep_stale()
        assert (folder / "deep" / "er").exists()
        process.kill()


def test_folders_of_others_are_never_removed(tmp_path: Path) -> None:
    others = [tmp_path / name for name in ("kit-project", "kit-0mhvm6f4", "tmp0mhvm6f4")]
    for other in others:
        other.mkdir()
        aged(other)
    sweep_stale()
    assert all(other.exists() for other in others)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if name in ("mkdtemp", "mkstemp", "TemporaryDirectory", "NamedTemporaryFile"):
                yield node


def test_kit_makes_no_temporary_file_or_folder_that_has_no_owner() -> None:
    """What is made beside something else (``dir=…``) goes away with that."""
    paths = [path for path in KIT.rglob("*.py") if not path.relative_to(KIT).as_posix().startswith(_ELSEWHERE)]
    without = [
        f"{path.relative_to(KIT)}:{call.lineno}"
        for path in paths
        for call in calls(ast.parse(path.read_bytes()))
        if "dir" not in {keyword.arg for keyword in call.keywords}
    ]
    assert len(paths) > 100
    assert without == []
