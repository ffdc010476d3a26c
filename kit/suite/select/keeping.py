"""Keeps the record of an app between runs, in the user's cache: what is lost is learnt again by the next whole run."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from kit.facts.target import Target
from kit.suite.select.record import FORMAT, Record
from kit.target import cache_file, save_cache_file


def load_record(target: Target) -> Record | None:
    """What is recorded of the app in its present environment; ``None`` where there is nothing."""
    file = _file(target)
    try:
        return Record.decode(file.read_bytes()) if file else None
    except (OSError, msgspec.DecodeError, IndexError, ValueError):
        return None


def save_record(target: Target, record: Record) -> None:
    """Write the record; where that is impossible the next run learns it again."""
    save_cache_file(_file(target), record.encode())


def _file(target: Target) -> Path | None:
    """Another Python, other packages, or another kit: what ran there says nothing about here."""
    interpreter = target.interpreter
    if interpreter is None:
        return None
    packages = sorted(interpreter.installed.items() or interpreter.packages.items())
    python = f"{interpreter.executable} {interpreter.version}"
    return cache_file(target, "executed", str(FORMAT), str(sys.version_info[:2]), python, repr(packages))
