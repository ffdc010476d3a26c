"""The results that others made, as files of the case: each time that results are taken adds a file."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kit.facts.suite import SuiteFacts
from kit.masking import cleaned, escaped_line
from kit.target import private_file

_NAME = "ingested"


def ingested_files(folder: Path) -> list[Path]:
    """The files in the ``folder`` of a case, the newest last."""
    return sorted(folder.glob(f"{_NAME}-*.json"))


def save_ingested(facts: SuiteFacts, folder: Path) -> None:
    """Write the facts into a new file."""
    path = folder / f"{_NAME}-{len(ingested_files(folder)) + 1:03}.json"
    private_file(path).write_bytes(escaped_line(msgspec.json.encode(cleaned(msgspec.to_builtins(facts)))))


def read_ingested(folder: Path) -> SuiteFacts | None:
    """The newest results; ``None`` when the case has none. Raises ``OSError`` and ``msgspec.MsgspecError``."""
    files = ingested_files(folder)
    return msgspec.json.decode(files[-1].read_bytes(), type=SuiteFacts) if files else None
