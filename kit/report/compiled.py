"""Compiled templates of earlier reports: compiling them takes half the time of a small report."""

from __future__ import annotations

import pickle
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

import kit
from kit.facts.target import Target
from kit.target import cache_folder, private_folder


@cache
def _versions() -> str:
    return f"{kit.__version__}-{version('jinja2')}"


def compiled_folder(target: Target, dialect: str) -> Path | None:
    """Where the compiled templates of a dialect are kept, in the user's cache folder; ``None`` when that lies inside
    the target. Dialects escape in different ways, so the same template is compiled for each.
    """
    try:
        folder = cache_folder(target, "templates")
    except (OSError, ValueError):  # a case of another machine may name a path that no file can have here
        return None
    return folder / _versions() / dialect if folder else None


class CompiledTemplates(FileSystemBytecodeCache):
    """Keeps them there. jinja2 compiles anew what changed, and what another Python has compiled."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made when it is needed."""
        super().__init__(str(folder), "%s.cache")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take one template; what cannot be read is compiled anew."""
        with suppress(OSError, EOFError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one template; where that is not possible, the next report is only slower."""
        with suppress(OSError):
            private_folder(Path(self.directory))
            super().dump_bytecode(bucket)
