"""The case's own record: its head and its stages, appended as they change, beside the events of its tests.

The store can be made anew from it. Each line is one JSON object: ``{"kind": "case", "case": …}`` or
``{"kind": "stage", "stage": …}``; the last one of a stage counts.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from kit.facts.case import Case, Stage
from kit.masking import cleaned, escaped_line
from kit.target import private_file, private_folder

_NAME = "case.jsonl"


class Journal:
    """Appends to the record in the folder of a case. A disk that is full does not stop the work on the case."""

    def __init__(self, folder: Path, case: Case) -> None:
        """``case`` is the head: a record that is not there begins with it."""
        self._path = folder / _NAME
        self._first = _line("case", case)
        self._lines: list[bytes] = []

    def add_case(self, case: Case) -> None:
        """Record the head as it is now."""
        self._add(_line("case", case))

    def add_stage(self, stage: Stage) -> None:
        """Record a stage as it is now."""
        self._add(_line("stage", stage))

    def _add(self, line: bytes) -> None:
        self._lines.append(line)
        with suppress(OSError):
            is_there = self._path.exists()
            private_file(private_folder(self._path.parent) / self._path.name)
            with self._path.open("ab") as file:  # a folder that was removed comes back with all that this process knows
                file.write(line if is_there else b"".join([self._first, *self._lines]))
                file.flush()
                os.fsync(file.fileno())


def has_journal(folder: Path) -> bool:
    """Whether the folder holds the record of a case."""
    return (folder / _NAME).is_file()


def read_journal(folder: Path) -> tuple[Case, tuple[Stage, ...]] | None:
    """The head and the stages of the case in this folder; ``None`` when it holds no record that can be read."""
    case: Case | None = None
    stages: dict[str, Stage] = {}
    try:
        lines = (folder / _NAME).read_bytes().splitlines()
    except OSError:
        return None
    for line in lines:
        with suppress(msgspec.MsgspecError, KeyError, TypeError):  # torn when kit was killed
            record: dict[str, Any] = msgspec.json.decode(line)
            if record["kind"] == "case":
                case = msgspec.convert(record["case"], Case)
            elif record["kind"] == "stage":
                stage = msgspec.convert(record["stage"], Stage)
                stages[stage.name] = stage
    return (case, tuple(stages.values())) if case else None


def _line(kind: str, fact: Case | Stage) -> bytes:
    return escaped_line(msgspec.json.encode(cleaned({"kind": kind, kind: msgspec.to_builtins(fact)}))) + b"\n"
