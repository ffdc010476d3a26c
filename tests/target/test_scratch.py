import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kit.target import scratch, scratch_copy
from tests.helpers import fingerprint, write_project
from tests.target.making import target_at


@pytest.fixture
def target(tmp_path):
    return target_at(write_project(tmp_path / "app", {"app.py": "x = 1\n"}))


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


def left_over(tmp_path):
    return sorted(path.name for path in (tmp_path / "temporary").iterdir())


def test_the_copy_is_private_keeps_the_roots_name_and_goes_away(target, tmp_path):
    with scratch_copy(target) as root:
        assert root.name == "app"
        assert (root / "app.py").read_text() == "x = 1\n"
        assert [path.name for path in root.parent.iterdir()] == ["app"]
        area = scratch.area_of(root)
        assert area.stat().st_mode & 0o777 == 0o700
        assert area.parent == tmp_path / "temporary"
    assert left_over(tmp_path) == []


def test_nothing_that_happens_in_the_copy_reaches_the_tree(target):
    before = fingerprint(target.path)
    with scratch_copy(target) as root:
        (root / "app.py").write_text("broken")
        (root / "new").mkdir()
    assert fingerprint(target.path) == before


def test_the_copy_goes_away_when_something_raises(target, tmp_path):
    with pytest.raises(KeyboardInterrupt), scratch_copy(target):
        raise KeyboardInterrupt
    assert left_over(tmp_path) == []


def test_what_the_target_made_read_only_goes_away_too(target, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    with scratch_copy(target) as root:
        (root / "deep" / "er").mkdir(parents=True)
        (root / "deep" / "er" / "file").touch(mode=0o400)
        (root / "link").symlink_to(outside)
        (root / "deep" / "er").chmod(0o500)
        (root / "deep").chmod(0o000)
    assert left_over(tmp_path) == []
    assert outside.stat().st_mode & 0o777 == 0o755


SCRIPT = """
import os, signal, sys, tempfile, time
sys.path.insert(0, sys.argv[1])
from kit.target import scratch_copy
from tests.target.making import target_at
from pathlib import Path
tempfile.tempdir = sys.argv[3]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
with scratch_copy(target_at(Path(sys.argv[2]))) as root:
    if sys.argv[4] == "fork" and os.fork() == 0:
        sys.exit()  # runs what is registered at exit
    os.wait() if sys.argv[4] == "fork" else None
    print(root.exists(), flush=True)
    time.sleep(0 if sys.argv[4] == "fork" else 600)
"""


def run_copy(target, tmp_path, mode):
    repository = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", SCRIPT, repository, target.root, str(tmp_path / "temporary"), mode]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)


@pytest.mark.slow
def test_a_copy_is_gone_after_an_interruption(target, tmp_path):
    with run_copy(target, tmp_path, "sleep") as process:
        assert process.stdout.readline() == b"True\n"
        os.kill(process.pid, signal.SIGINT)
    assert left_over(tmp_path) == []


@pytest.mark.slow
def test_a_forked_child_does_not_remove_its_parents_copy(target, tmp_path):
    with run_copy(target, tmp_path, "fork") as process:
        assert process.stdout.read() == b"True\n"
    assert left_over(tmp_path) == []


@pytest.mark.slow
def test_what_a_killed_kit_left_is_removed_by_the_next_one(target, tmp_path, monkeypatch):
    with run_copy(target, tmp_path, "sleep") as process:
        assert process.stdout.readline() == b"True\n"
        os.kill(process.pid, signal.SIGKILL)
    (left,) = left_over(tmp_path)
    mark = tmp_path / "temporary" / left / "mark"
    mark.touch()
    with scratch_copy(target):
        assert mark.exists(), "it might be in the making"
    hour_ago = time.time() - 3_600
    os.utime(mark.parent, (hour_ago, hour_ago))
    with scratch_copy(target):
        assert not mark.exists()


@pytest.mark.slow
def test_the_copy_of_a_living_kit_is_never_removed(target, tmp_path):
    with run_copy(target, tmp_path, "sleep") as process:
        assert process.stdout.readline() == b"True\n"
        (other,) = left_over(tmp_path)
        hour_ago = time.time() - 3_600
        os.utime(tmp_path / "temporary" / other, (hour_ago, hour_ago))
        with scratch_copy(target):
            assert other in left_over(tmp_path)
        process.kill()


def test_a_folder_that_only_looks_like_a_scratch_copy_is_no_area(tmp_path):
    assert scratch.area_of(tmp_path / "app") is None


def test_a_link_that_is_named_like_a_scratch_copy_is_left_alone(target, tmp_path):
    precious = write_project(tmp_path / "precious", {"folder/file": ""})
    (precious / "folder").chmod(0o750)
    os.utime(precious, (0, 0))
    (tmp_path / "temporary" / f"{scratch.PREFIX}trap").symlink_to(precious)
    os.utime(tmp_path / "temporary" / f"{scratch.PREFIX}trap", (0, 0), follow_symlinks=False)
    with scratch_copy(target):
        pass
    assert (precious / "folder" / "file").exists()
    assert (precious / "folder").stat().st_mode & 0o777 == 0o750
