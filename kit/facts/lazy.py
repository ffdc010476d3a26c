"""Faces of packages whose names are imported when they are first used (PEP 562).

The names stand once, in the ``__init__.pyi`` beside the package's ``__init__.py``, as ordinary imports that re-export
(``from kit.suite.engine import run_suite as run_suite``): a type checker reads them there, and :func:`lazy_face` finds
them there at run time. So ``from kit import suite`` costs nothing, and ``suite.run_suite`` imports the engine.
``from kit.suite import run_suite`` works too, and imports the engine at once.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module

TYPE_CHECKING = False  # typing would take as long as all else that is imported before a command handles signals
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any


def lazy_face(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and the ``__dir__`` of a package that has an ``__init__.pyi``."""

    @cache
    def origins() -> dict[str, tuple[str, str]]:
        from pathlib import Path

        return stub_origins(Path(sys.modules[package].__path__[0], "__init__.pyi"))

    def import_name(name: str) -> Any:
        if name not in origins():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, original = origins()[name]
        value = getattr(import_module(module), original)
        setattr(sys.modules[package], name, value)  # the next access does not come here any more
        return value

    def list_names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *origins()})

    return import_name, list_names


def stub_origins(stub: Path) -> dict[str, tuple[str, str]]:
    """The names that a stub imports: the module of each, and its name there."""
    import ast  # until a face is used, nothing that is slow is imported: a signal would end in a traceback

    imports = (node for node in ast.parse(stub.read_text(encoding="utf-8")).body if isinstance(node, ast.ImportFrom))
    return {alias.asname or alias.name: (str(node.module), alias.name) for node in imports for alias in node.names}
