"""Temporary files of kit stay out of the tree that is investigated."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from kit.platform.temporary import keep_temporary_files_out_of


@pytest.mark.parametrize("below", ["", "tmp"])
def test_a_folder_for_temporary_files_in_the_tree_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / below))

    assert keep_temporary_files_out_of(tmp_path)
    assert not Path(tempfile.gettempdir()).is_relative_to(tmp_path)
    assert "TMPDIR" not in os.environ


def test_a_folder_elsewhere_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))

    assert keep_temporary_files_out_of(tmp_path / "app")
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(tmp_path / "tmp")
