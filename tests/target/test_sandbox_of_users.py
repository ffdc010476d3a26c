"""The guard's sandbox for root and for an ordinary user, who has namespaces only by way of a user namespace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.platform.linux import guard

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

SYSTEM_PYTHON, NOBODY = "/usr/bin/python3", "65534"


@pytest.fixture(params=["this user", "an ordinary user"])
def prefix(request: pytest.FixtureRequest) -> list[str]:
    """What comes before a command of that user's."""
    if request.param == "this user":
        return [sys.executable, "-I", "-S"]
    if os.geteuid() != 0:
        pytest.skip("this is an ordinary user")
    setpriv = shutil.which("setpriv")
    if setpriv is None or not Path(SYSTEM_PYTHON).exists():
        pytest.skip("there is no setpriv, or no Python of the system that every user may run")
    return [setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", SYSTEM_PYTHON, "-I", "-S"]


@pytest.fixture
def place() -> Iterator[Path]:
    """Real tree, copy and home, which every user may enter and write: pytest's own folders are closed to others."""
    place = Path(tempfile.mkdtemp(prefix="kit-users-"))
    place.chmod(0o755)
    for name in ("real", "copy", "home", "changes", "guard"):
        (place / name).mkdir()
        (place / name).chmod(0o777)
    (place / "real" / "a.txt").write_text("real")
    (place / "copy" / "a.txt").write_text("copy")
    (place / "home" / "a.txt").write_text("home")
    for file in place.rglob("a.txt"):
        file.chmod(0o666)
    shutil.copytree(Path(str(guard.__file__)).parent, place / "guard", dirs_exist_ok=True)
    yield place
    shutil.rmtree(place, ignore_errors=True)


def plan(place: Path) -> list[str]:
    return [
        *("--folder", str(place / "real")),
        *("--overlay", str(place / "changes"), str(place / "home")),
        *("--bind", str(place / "copy"), str(place / "real")),
        *("--protect", str(place / "real")),
    ]


def run(prefix: list[str], place: Path, rung: str, script: str) -> subprocess.CompletedProcess[str]:
    words = [*prefix, str(place / "guard" / "guard.py"), "0", "--rung", rung, *plan(place), "/bin/sh", "-c", script]
    return subprocess.run(words, capture_output=True, text=True, start_new_session=True, cwd="/", check=False)


def best(prefix: list[str], place: Path) -> list[str]:
    words = [*prefix, str(place / "guard" / "guard.py"), "--try", "--rung", "bind+pids", *plan(place)]
    return subprocess.run(words, capture_output=True, text=True, cwd="/", check=True).stdout.splitlines()


@pytest.mark.parametrize("rung", ["bind+pids", "bind"])
def test_it_writes_to_the_copy_and_not_to_the_real_tree_or_the_home_folder(prefix, place, rung):
    if best(prefix, place)[-1] != "bind+pids":
        pytest.skip("this machine has no namespaces for this user")
    script = "cat a.txt; echo x > a.txt; echo x > ../home/a.txt; rm -f ../home/b; id -u; exit 7"
    done = run(prefix, place, rung, script)
    expected = str(os.geteuid() if prefix[0] == sys.executable else NOBODY)
    assert (done.returncode, done.stdout.split()) == (7, ["copy" + expected]), done.stderr
    assert (place / "real" / "a.txt").read_text() == "real"
    assert (place / "home" / "a.txt").read_text() == "home"
    assert (place / "copy" / "a.txt").read_text() == "x\n"


@pytest.mark.parametrize("rung", ["bind+pids", "bind"])
def test_the_cover_cannot_be_taken_off(prefix, place, rung):
    if best(prefix, place)[-1] != "bind+pids":
        pytest.skip("this machine has no namespaces for this user")
    real = place / "real"
    script = f"umount {real}; umount -l {real}; unshare -Urm umount -l {real}; unshare -Urm cat {real}/a.txt"
    done = run(prefix, place, rung, script)
    assert "real" not in done.stdout
    assert (place / "real" / "a.txt").read_text() == "real"


def test_landlock_refuses_to_write_into_the_real_tree_only(prefix, place):
    done = run(prefix, place, "landlock", f"echo x > {place}/copy/b.txt; echo x > {place}/real/b.txt || exit 3")
    if "syscall" in done.stderr:
        pytest.skip("this kernel has no Landlock")
    assert done.returncode in (2, 3), done.stderr
    assert not (place / "real" / "b.txt").exists()


def test_a_step_that_fails_is_named_and_the_next_protection_is_tried(prefix, place):
    (place / "copy" / "a.txt").unlink()
    (place / "copy").rmdir()
    *refused, rung = best(prefix, place)
    assert rung in ("landlock", "copy")
    assert refused[0].startswith("bind+pids: ")
    assert "No such file or directory" in refused[0]
    assert str(place / "copy") in refused[0]


def test_a_process_in_the_namespace_sees_no_other_one_and_its_signals_end_it(prefix, place):
    if best(prefix, place)[-1] != "bind+pids":
        pytest.skip("this machine has no namespaces for this user")
    done = run(prefix, place, "bind+pids", "ls -d /proc/[0-9]* | wc -l; kill -TERM $$")
    assert int(done.stdout) <= 5
    assert done.returncode == -15
