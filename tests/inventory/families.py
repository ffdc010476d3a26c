"""The catalogue of errors as projects: each family a file of ``catalogue/`` with what breaks and how it is mended.

A file says what SQLAlchemy itself says of the broken project (``says``, a regular expression), the kinds of findings
that source alone gives (``source``) and that the running target gives as well (``finds``; ``finds_14`` and so on where
a version differs), and, for what only breaks in use, ``use.py`` and the category that its exception gets. ``mend`` are
the replacements that make the healthy twin.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "catalogue"
SERIES = ("1.4", "2.0", "2.1")
#: what every project has; ``models.py`` begins with HEAD
BASE = "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n"
HEAD = "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nfrom db import Base\n\n"


@dataclass(frozen=True)
class Family:
    """One file of the catalogue."""

    name: str
    data: Mapping[str, Any]

    @property
    def versions(self) -> tuple[str, ...]:
        """The series of SQLAlchemy that have it."""
        return tuple(self.data.get("versions", SERIES))

    @property
    def says(self) -> str:
        """What SQLAlchemy says of it."""
        return str(self.data["says"])

    @property
    def source(self) -> set[str]:
        """The kinds that source alone finds."""
        return set(self.data.get("source", ()))

    @property
    def roots(self) -> tuple[str, ...]:
        """The import roots."""
        return tuple(self.data.get("roots", (".",)))

    def finds(self, series: str) -> set[str]:
        """The kinds that are found with the running target."""
        always = self.data.get("finds", self.data.get("source", ()))
        return set(self.data.get(f"finds_{series.replace('.', '')}", always))

    @cached_property
    def broken(self) -> dict[str, str]:
        """The files of the project."""
        files = {"db.py": BASE, **self.data["broken"]}
        return {path: HEAD + text if path == "models.py" else text for path, text in files.items()}

    @cached_property
    def healthy(self) -> dict[str, str]:
        """The files of its twin."""
        files = dict(self.broken)
        for wrong, right in self.data["mend"]:
            places = [path for path, text in files.items() if wrong in text]
            assert len(places) == 1, f"{self.name}: {wrong!r} stands in {places}"
            files[places[0]] = files[places[0]].replace(wrong, right)
        return files


def families() -> list[Family]:
    """All of them, by name."""
    return [Family(file.stem, tomllib.loads(file.read_text())) for file in sorted(FOLDER.glob("*.toml"))]
