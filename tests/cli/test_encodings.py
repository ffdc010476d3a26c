"""Whatever the encoding of the output, which on Windows is often not UTF-8: all is printed, and JSON stays right."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import write_project

MODELS = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase): ...

    class Größe日(Base):
        __tablename__ = "größe → 😀"
        id: Mapped[int] = mapped_column(primary_key=True)
"""
TWICE = MODELS.replace("class Base(DeclarativeBase): ...", "from shop.one import Base")


def scan(folder: Path, form: str, encoding: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kit", "scan", "app", "--python", sys.executable, "--format", form]
    environment = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding=encoding, check=False, timeout=120
    )


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_what_an_encoding_lacks_is_escaped(tmp_path: Path, encoding: str) -> None:
    files = {"pytest.ini": "", "shop/__init__.py": "", "shop/one.py": MODELS, "shop/two.py": TWICE}
    write_project(tmp_path / "app", files)

    usual, other = (json.loads(scan(tmp_path, "json", one).stdout) for one in ("utf-8", encoding))
    text = scan(tmp_path, "text", encoding)

    assert other == usual
    assert any("Größe日" in finding["title"] for finding in other["findings"])
    assert (text.returncode, text.stderr.count("Error")) == (1, 0), text.stderr
    assert r"\u65e5" in text.stdout
