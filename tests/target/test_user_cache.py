"""What is kept in the user's cache folder."""

from __future__ import annotations

import os
from pathlib import Path

from kit.target import save_cache_file


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_oldest_files_of_a_room_are_removed(tmp_path: Path) -> None:
    room = tmp_path / "imports"
    for number in range(4):
        save_cache_file(room / f"{number}.msgpack", b"%d" % number, most=3)
        os.utime(room / f"{number}.msgpack", (number, number))

    save_cache_file(room / "2.msgpack", b"again", most=3)

    assert _names(room) == ["1.msgpack", "2.msgpack", "3.msgpack"]
    assert (room / "2.msgpack").read_bytes() == b"again"


def test_a_file_that_cannot_be_replaced_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "taken.msgpack").mkdir()

    save_cache_file(tmp_path / "taken.msgpack", b"content")

    assert _names(tmp_path) == ["taken.msgpack"]
