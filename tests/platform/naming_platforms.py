"""Which modules name what a single operating system has: modules, functions, signals and places of POSIX systems."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.platform.like_windows import MISSING, OS, SIGNAL, WITHOUT

#: of the names that Windows lacks, those with which code spells out that it is for POSIX systems
FUNCTIONS = frozenset(OS.split()) - {"O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "set_blocking", "get_blocking"}
SIGNALS = frozenset(SIGNAL.split())
SOCKETS = MISSING["socket"]
KEYWORDS = frozenset({"pass_fds", "preexec_fn"})
SYSTEMS = frozenset({"os.name", "sys.platform", "platform.system"})
PLACES = re.compile(r"^/(?:proc|sys|dev/shm)(?:/|$)")


def named_in(source: str) -> set[str]:
    """What a module names, as ``os.fork`` or ``/proc``; comments and docstrings do not count."""
    tree = ast.parse(source)  # no docstring begins with a place
    return {name for node in ast.walk(tree) for name in _names(node)}


def named_below(folder: Path) -> dict[str, list[str]]:
    """The same for each module below a folder that names something, by its path."""
    found = {path: named_in(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")}
    return {path.relative_to(folder).as_posix(): sorted(names) for path, names in sorted(found.items()) if names}


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names if alias.name.partition(".")[0] in WITHOUT)
        case ast.ImportFrom(module=str(module), level=0) if module.partition(".")[0] in WITHOUT:
            yield module
        case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in FUNCTIONS:
            yield f"os.{name}"
        case ast.Attribute(
            value=ast.Name(id=("os" | "sys" | "platform") as module), attr=("name" | "platform" | "system") as name
        ) if f"{module}.{name}" in SYSTEMS:
            yield f"{module}.{name}"
        case ast.Attribute(value=ast.Name(id="signal"), attr=name) if name in SIGNALS:
            yield f"signal.{name}"
        case ast.Attribute(value=ast.Name(id="socket"), attr=name) if name in SOCKETS:
            yield f"socket.{name}"
        case ast.keyword(arg=str(name)) if name in KEYWORDS:
            yield name
        case ast.Constant(value=str(text)) if name := PLACES.match(text):
            yield name[0].rstrip("/")
        case ast.Constant(value=bytes(data)) if name := PLACES.match(data.decode(errors="replace")):
            yield name[0].rstrip("/")
        case _:
            return
