"""Which modules name what a single operating system has: modules, functions, signals and places of POSIX systems."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.platform.like_windows import MISSING, OS, SIGNAL, WITHOUT

#: modules of one kind of system, and the one that calls any system's own functions
MODULES = WITHOUT | {"ctypes", "msvcrt", "nt", "winreg", "_winapi"}

#: of these modules, the names by which code is for one kind of system
NAMES: Mapping[str, frozenset[str]] = {
    **MISSING,
    "os": frozenset({*OS.split(), "name"}) - {"set_blocking", "get_blocking"},
    "platform": frozenset({"system", "win32_ver", "mac_ver", "libc_ver"}),
    "signal": frozenset({*SIGNAL.split(), "CTRL_BREAK_EVENT", "CTRL_C_EVENT"}),
    "subprocess": frozenset({"CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW", "STARTUPINFO"}),
    "sys": frozenset({"platform", "getwindowsversion"}),
}
KEYWORDS = frozenset({"creationflags", "pass_fds", "preexec_fn", "process_group", "start_new_session", "startupinfo"})
PLACES = re.compile(r"(?<![\w.])/(?:proc|sys|dev/shm)(?=/|$)")


def named_in(source: str) -> set[str]:
    """What a module names, as ``os.fork`` or ``/proc``; comments and docstrings do not count."""
    tree = ast.parse(source)
    docstrings = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
    return {name for node in ast.walk(tree) if id(node) not in docstrings for name in _names(node)}


def _has_docstring(node: ast.AST) -> bool:
    documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return documented and ast.get_docstring(node, clean=False) is not None  # type: ignore[arg-type]


def named_below(folder: Path) -> dict[str, list[str]]:
    """The same for each module below a folder that names something, by its path."""
    found = {path: named_in(path.read_text(encoding="utf-8")) for path in folder.rglob("*.py")}
    return {path.relative_to(folder).as_posix(): sorted(names) for path, names in sorted(found.items()) if names}


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names if alias.name.partition(".")[0] in MODULES)
        case ast.ImportFrom(module=str(module), level=0) if module.partition(".")[0] in MODULES:
            yield module
        case ast.ImportFrom(module=str(module), level=0, names=names) if module in NAMES:
            yield from (f"{module}.{alias.name}" for alias in names if alias.name in NAMES[module])
        case ast.Attribute(value=ast.Name(id=module), attr=name) if name in NAMES.get(module, ()):
            yield f"{module}.{name}"
        case ast.Call(
            func=ast.Name(id="getattr" | "hasattr"), args=[ast.Name(id=module), ast.Constant(value=str(name)), *_]
        ) if name in NAMES.get(module, ()):
            yield f"{module}.{name}"
        case ast.keyword(arg=str(name)) if name in KEYWORDS:
            yield name
        case ast.Constant(value=str() | bytes() as said):
            text = said if isinstance(said, str) else said.decode(errors="replace")
            yield from PLACES.findall(text)
        case _:
            return
