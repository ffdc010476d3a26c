"""The demo is copied out before it is run."""

from pathlib import Path

import pytest

from kit.demo import DEMO_ROOT, copy_demo


def test_copy_holds_every_file_of_the_tree(tmp_path: Path) -> None:
    copied = copy_demo(tmp_path / "trading")

    def files(root: Path) -> set[Path]:
        return {path.relative_to(root) for path in root.rglob("*") if "__pycache__" not in path.parts}

    assert files(copied) == files(DEMO_ROOT)
    assert (copied / "pyproject.toml").read_bytes() == (DEMO_ROOT / "pyproject.toml").read_bytes()


def test_copy_leaves_caches_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used = copy_demo(tmp_path / "used")
    for name in ("backend/__pycache__/x.pyc", ".pytest_cache/v", "trading.db"):
        (used / name).parent.mkdir(exist_ok=True)
        (used / name).write_text("")
    monkeypatch.setattr("kit.demo.DEMO_ROOT", used)
    again = copy_demo(tmp_path / "again")
    assert not [path for path in again.rglob("*") if path.name in {"__pycache__", ".pytest_cache", "trading.db"}]


def test_copy_never_overwrites(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        copy_demo(tmp_path)
