"""What kit does without the parts of Python that only POSIX systems have."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import write_project
from tests.platform.like_windows import environment

APP = {
    "pytest.ini": "[pytest]\n",
    "shop/__init__.py": "",
    "shop/base.py": """
        from sqlalchemy.orm import DeclarativeBase

        class Base(DeclarativeBase):
            pass
    """,
    "shop/users.py": """
        from sqlalchemy.orm import Mapped, mapped_column
        from shop.base import Base

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True, index=True)
    """,
    "shop/accounts.py": """
        from sqlalchemy.orm import Mapped, mapped_column
        from shop.base import Base

        class User(Base):
            __tablename__ = "users"
            __table_args__ = {"extend_existing": True}
            id: Mapped[int] = mapped_column(primary_key=True, index=True)
    """,
    "test_a.py": "import shop.users, shop.accounts\n\ndef test_a():\n    from sqlalchemy import create_engine\n    shop.users.Base.metadata.create_all(create_engine('sqlite://'))\n",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("platform") / "app", APP)


def kit(app: Path, *words: str, like_windows: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kit", *words]
    return subprocess.run(
        command,
        cwd=app,
        env=environment() if like_windows else None,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_a_scan_finds_the_same(app: Path) -> None:
    words = ("scan", ".", "--python", sys.executable, "--format", "json")

    here, there = kit(app, *words, like_windows=False), kit(app, *words)

    assert there.returncode == here.returncode, there.stderr
    assert json.loads(there.stdout) == json.loads(here.stdout)
    assert json.loads(here.stdout)["findings"] != []


@pytest.mark.slow
def test_importers_are_the_same(app: Path) -> None:
    words = ("importers", ".", "shop.users", "--python", sys.executable, "--format", "json")

    here, there = kit(app, *words, like_windows=False), kit(app, *words)

    assert json.loads(there.stdout) == json.loads(here.stdout) != []


@pytest.mark.slow
def test_results_are_ingested_and_reported_with_the_mappers_of_the_app(app: Path, tmp_path: Path) -> None:
    results, reports = tmp_path / "results.xml", tmp_path / "reports"
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={results}"]
    subprocess.run(plain, cwd=app, capture_output=True, check=False)

    done = kit(
        app, "ingest", str(results), "--target", ".", "--python", sys.executable, "--reports-dir", str(reports),
        "--case", "windows",
    )  # fmt: skip

    assert done.returncode in (1, 4), done.stderr  # 4: others have changed this environment meanwhile
    incident = json.loads((reports / "windows" / "incident.json").read_text(encoding="utf-8"))
    assert "duplicate-index:ix_users_id" in {test["cause"] for test in incident["tests"]}
    assert (reports / "windows" / "incident.html").exists()
