"""The libraries that a target's suite imports, kept in the user's cache: the next copy of the target preloads them
before its first run.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec

from kit.facts.target import Target
from kit.suite.warm.preloaded import Imports
from kit.target import cache_file


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
