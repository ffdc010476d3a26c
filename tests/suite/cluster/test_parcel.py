"""A tree comes out of its parcel as it went in."""

from __future__ import annotations

import os
from pathlib import Path

from kit.suite.cluster.parcel import pack, unpack
from tests.helpers import fingerprint, write_project


def test_files_modes_times_and_folders_are_kept(tmp_path: Path) -> None:
    root = write_project(tmp_path / "app", {"a.py": "x = 1", "package/run.sh": "#!/bin/sh", "ümlaut.txt": "ü"})
    (root / "empty").mkdir()
    (root / "package/run.sh").chmod(0o754)
    os.utime(root / "a.py", (1_600_000_000, 1_600_000_000))
    to = tmp_path / "elsewhere"

    unpack(pack(root), to)

    assert fingerprint(to) == fingerprint(root)
    assert (to / "package/run.sh").stat().st_mode == (root / "package/run.sh").stat().st_mode
    assert (to / "a.py").stat().st_mtime == 1_600_000_000


def test_links_into_the_tree_point_into_the_new_one(tmp_path: Path) -> None:
    root = write_project(tmp_path / "app", {"data/a.txt": "a"})
    (root / "data/absolute").symlink_to(root / "data/a.txt")
    (root / "relative").symlink_to("data")
    to = tmp_path / "elsewhere"

    unpack(pack(root), to)

    assert (to / "data/absolute").resolve() == to / "data/a.txt"
    assert (to / "relative").readlink() == Path("data")
