"""The store's tests run on SQLite, and on a PostgreSQL server of their own where PostgreSQL is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from kit.store import default_url

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def _as_server(*command: str) -> None:
    # PostgreSQL refuses to run as root
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a running server, without a database name."""
    if not _BINARIES:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="kit-postgresql-"))
    if os.getuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    control, data = str(_BINARIES[-1] / "pg_ctl"), str(folder / "data")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    _as_server(control, "-s", "-D", data, "-o", "-A trust -U kit", "initdb")
    try:
        _as_server(control, "-s", "-w", "-D", data, "-o", options, "-l", str(folder / "log"), "start")
        yield f"postgresql+psycopg://kit@127.0.0.1:{port}"
    finally:
        _as_server(control, "-s", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store."""
    if request.param == "sqlite":
        return default_url(tmp_path)
    server = request.getfixturevalue("postgresql")
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("drop database if exists kit"))
        connection.execute(text("create database kit"))
    engine.dispose()
    return f"{server}/kit"
