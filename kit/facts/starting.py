"""Why pytest does not start with a target's own configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class InstalledPlugin:
    """A pytest plugin that pytest loads by itself: ``name`` is what ``-p no:NAME`` takes."""

    name: str
    distribution: str
    version: str


@dataclass(frozen=True)
class PluginTrial:
    """What leaving plugins out has shown: pytest starts without ``plugins`` and not with them.

    ``starts`` is how often it was started to find that out. ``tests`` counts what was collected in the last start,
    which ``command`` repeats; ``None`` when that one failed after all.
    """

    plugins: tuple[InstalledPlugin, ...]
    starts: int
    tests: int | None
    command: str


#: what is wrong when pytest refuses to start: an option that no plugin brings · a value of an option · a setting of the
#: configuration file · a plugin after -p · an expression after -k or -m · a filter of warnings · a path that is missing
#: · an open quotation mark · code of the target · something else
RefusalKind = Literal[
    "unknown-option",
    "bad-value",
    "setting",
    "plugin",
    "expression",
    "warning-filter",
    "path",
    "quotes",
    "own-code",
    "other",
]


@dataclass(frozen=True)
class StartRefusal:
    """Plain pytest, with the target's own configuration, does not start.

    ``sentence`` is pytest's own, ``named`` are the options or settings in it. ``path`` and ``line`` say where the first
    of them stands, or where code of the target raises; ``path`` is ``"PYTEST_ADDOPTS"`` without a line for the
    environment variable, and ``None`` where the place is not known.
    """

    sentence: str
    exit_code: int
    kind: RefusalKind
    named: tuple[str, ...] = ()
    path: str | None = None
    line: int | None = None

    @property
    def place(self) -> str | None:
        """``"pytest.ini:2"``."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def told(self) -> str:
        """All of it in a sentence."""
        place = f" ({self.place})" if self.place else ""
        return f"pytest itself refuses to start, with exit code {self.exit_code}: {self.sentence}{place}"
