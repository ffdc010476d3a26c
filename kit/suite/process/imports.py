"""The libraries that a target's suite imports. They are kept in the user's cache: the next copy of the target preloads
them before its first run.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kit.facts.target import Target
from kit.target import cache_file


@dataclass(frozen=True)
class Imports:
    """The libraries that a collected suite has imported, in the order of the imports.

    ``rewritten`` are the modules whose assertions pytest had rewritten, ``environment`` the variables that conftest
    files and plugins had set (``None``: removed): libraries read them when they are imported.
    """

    names: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    environment: Mapping[str, str | None] = field(default_factory=dict)

    def and_then(self, later: Imports) -> Imports:
        """The imports of two runs, one after the other."""
        return Imports(
            tuple(dict.fromkeys(self.names + later.names)),
            tuple(dict.fromkeys(self.rewritten + later.rewritten)),
            {**self.environment, **later.environment},
        )

    @classmethod
    def read(cls, path: Path) -> Imports | None:
        """Read what the probe has written; ``None`` if it has written nothing."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return None


def keep_imports(target: Target, seen: Path) -> None:
    """Keep what the probe has written to ``seen``, if anything. Where the suite sets environment variables nothing is
    kept, since a variable may be a secret.
    """
    imports, file = Imports.read(seen), _file(target)
    if imports is None or imports.environment or file is None:
        return
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(msgspec.json.encode(imports))


def kept_imports(target: Target) -> Imports | None:
    """What was kept for a target with the interpreter and the packages that it has now."""
    file = _file(target)
    return Imports.read(file) if file else None


def _file(target: Target) -> Path | None:
    interpreter = target.interpreter
    if interpreter is None:
        return None
    packages = sorted(interpreter.installed.items() or interpreter.packages.items())
    return cache_file(target, "imports", f"{interpreter.executable} {interpreter.version}", repr(packages))
