"""Files of the tree that are open for writing are found, also where the system lists no names of descriptors."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.probes.system import fork_safety


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "is_found"), [("w", True), ("r+b", True), ("a", False), ("r", False)])
def test_an_object_that_writes_to_the_tree_is_found_while_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, is_found: bool
) -> None:
    monkeypatch.setattr(fork_safety, "fcntl", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "session.log").write_text("")

    with open("session.log", mode):  # noqa: PTH123  by a relative name, as tests do
        assert fork_safety.has_file_open_for_writing(str(tmp_path)) is is_found
        assert fork_safety.has_file_open_for_writing(str(tmp_path / "other")) is False
    assert fork_safety.has_file_open_for_writing(str(tmp_path)) is False
