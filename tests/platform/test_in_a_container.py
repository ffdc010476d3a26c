"""kit in the shape of a container: root without rights, a read-only root and home, no locale, little shared memory."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import fingerprint, write_project

pytestmark = [pytest.mark.slow, pytest.mark.posix("containers are Linux's")]

#: makes everything but one folder read-only, forbids further namespaces, and gives up every right
SHAPE = """
set -eu
mount -t tmpfs -o size=64m shm /dev/shm
mount --bind "$1" "$1"
mount -o remount,bind,ro /
echo 0 > /proc/sys/user/max_user_namespaces
shift
exec setpriv --bounding-set=-all --inh-caps=-all "$@"
"""
APP = {
    "pytest.ini": "[pytest]\n",
    "shop.py": """
        from sqlalchemy import Integer
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Café(Base):
            __tablename__ = "café"
            id: Mapped[int] = mapped_column(Integer, primary_key=True)
    """,
    "test_shop.py": """
        import os, pathlib
        import pytest, shop

        def test_maps():
            assert shop.Café.__tablename__ == "café"

        def test_is_in_a_container():
            assert os.getuid() == 0
            assert os.statvfs("/dev/shm").f_blocks * os.statvfs("/dev/shm").f_frsize == 64 << 20
            with pytest.raises(OSError, match="Read-only"):
                pathlib.Path("/planted").touch()

        def test_fails():
            assert "ü" == "u"

        def test_leaves():
            os._exit(3)
    """,
}


def shaped(folder: Path, *command: str) -> list[str]:
    """A command that runs where only ``folder`` can be written."""
    return ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", SHAPE, "sh", str(folder), *command]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    known = all(map(shutil.which, ("unshare", "setpriv")))
    if not known or subprocess.run(shaped(tmp_path, "true"), capture_output=True, check=False).returncode:
        pytest.skip("namespaces are not to be had here")
    return tmp_path


@pytest.mark.parametrize("locale", ["", "C", "POSIX"])
def test_an_app_is_investigated(place: Path, locale: str) -> None:
    app = write_project(place / "app", APP)
    (place / "tmp").mkdir()
    before = fingerprint(app)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "XDG_", "PYTHON"))}
    environment = {**kept, "TMPDIR": str(place / "tmp"), "HOME": "/root"}
    words = ["investigate", "app", "--case", "c", "--no-trials", "--recheck-s", "0"]

    done = subprocess.run(
        shaped(place, sys.executable, "-m", "kit", *words),
        cwd=place,
        env={**environment, **({"LC_ALL": locale} if locale else {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )

    assert done.returncode == 1, done.stderr
    incident = json.loads((place / "reports" / "c" / "incident.json").read_text(encoding="utf-8"))
    assert {test["nodeid"].partition("::")[2]: test["outcome"] for test in incident["tests"]} == {
        "test_maps": "passed",
        "test_is_in_a_container": "passed",
        "test_fails": "failed",
        "test_leaves": "crashed",
    }
    assert not re.search("Traceback|not a writable directory", done.stderr), done.stderr
    assert fingerprint(app) == before
