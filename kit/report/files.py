"""The files of the report: style sheets and scripts that are read, pages that are written as a whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path


def asset(name: str) -> str:
    """A style sheet or script that is put into a page."""
    return files("kit.report").joinpath("assets", name).read_text(encoding="utf-8")


def content_policy(script: str = "") -> str:
    """A content security policy for a page: nothing is loaded from anywhere, and no script runs but this one."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    scripts = f"script-src 'sha256-{digest}'; " if script else ""
    return f"default-src 'none'; style-src 'unsafe-inline'; {scripts}img-src data:; base-uri 'none'; form-action 'none'"


def write_file(path: Path, pieces: Iterator[str] | tuple[str, ...]) -> Path:
    """Write a text beside its place and rename it; returns ``path``. Raises :class:`OSError`, or what a piece raises:
    then no file is there.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(map(utf8, pieces))
        temporary = Path(name)
        temporary.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    return path


def utf8(text: str) -> bytes:
    """``text`` as UTF-8; half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")
