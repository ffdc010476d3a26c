"""What Python and pytest compile of the target while it is collected stays beside its files, in kit's private copy of
the tree, as in any other run: kit gives it back the next time. Nothing is written anywhere else.

It is decided just before a module is compiled, and by functions that have returned by then: a traceback shows no frame
of ours.

Tests may write and read bytecode themselves, so while they run everything about it is as in a plain run, as far as
nothing of the real tree or its environment can be written to (see :func:`as_in_a_plain_run`).
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import sys

from ..own_files import is_own

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, List, Optional, Set


VARIABLE = "PYTHONDONTWRITEBYTECODE"

LOADER: Any = importlib.machinery.SourceFileLoader


class OwnBytecode:
    """Lets bytecode be written below ``root`` from :meth:`begin` to :meth:`end`."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._usual, self._path_stats = sys.dont_write_bytecode, LOADER.path_stats
        self._hooks: List[Any] = []
        self._is_needed = sys.pycache_prefix is None  # else it has its place already

    def begin(self) -> None:
        if self._is_needed:
            LOADER.path_stats = self._deciding_path_stats()

    def cover(self, finders: Iterable[Any]) -> None:
        """pytest's own import hook compiles too: it rewrites test modules. It is there once pytest has begun."""
        for hook in finders if self._is_needed else ():
            if type(hook).__name__ == "AssertionRewritingHook":
                hook.find_spec = self._deciding_find_spec(hook.find_spec)
                self._hooks.append(hook)

    def end(self) -> None:
        if self._is_needed:
            LOADER.path_stats, sys.dont_write_bytecode = self._path_stats, self._usual
        for hook in self._hooks:
            del hook.find_spec

    def _deciding_path_stats(self) -> Callable[..., Any]:
        usual = self._path_stats

        def path_stats(this: Any, path: str) -> Any:
            self._decide(path)
            return usual(this, path)

        return path_stats

    def _deciding_find_spec(self, usual: Callable[..., Any]) -> Callable[..., Any]:
        def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
            spec = usual(name, path, target)
            if spec is not None:
                self._decide(spec.origin)
            return spec

        return find_spec

    def _decide(self, path: Optional[str]) -> None:
        sys.dont_write_bytecode = self._usual and not is_own(str(path), self._root)


def as_in_a_plain_run(plain: Optional[Dict[str, Any]]) -> None:
    """Set Python's ``variables`` for bytecode to the user's own values (``None``: unset). Without ``plain`` nothing
    changes. Nothing changes either where Python could then write bytecode into a folder that keeps it: what is written
    into the ``discarding`` ones is gone afterwards.
    """
    if plain is None:
        return
    prefix, sys.pycache_prefix = sys.pycache_prefix, None
    if any(would_be_written_to(folder, plain["discarding"]) for folder in folders_of_modules()):
        sys.pycache_prefix = prefix
        return
    for name, value in plain["variables"].items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    sys.dont_write_bytecode = bool(plain["variables"].get(VARIABLE))


def folders_of_modules() -> Set[str]:
    """The folders that modules are or were imported from, those of the standard library left out if it is compiled."""
    files = {getattr(getattr(module, "__spec__", None), "origin", None) for module in [*sys.modules.values()]}
    folders = {os.path.dirname(file) for file in files if isinstance(file, str) and file.endswith(".py")}
    folders |= {os.path.abspath(entry) for entry in sys.path if os.path.isdir(entry)}
    if os.path.exists(importlib.util.cache_from_source(os.__file__)):
        library = os.path.dirname(os.__file__)
        beside = os.path.join(library, "site-packages", "")
        folders = {one for one in folders if not lies_in(one, library) or one.startswith(beside)}
    return folders


def would_be_written_to(folder: str, discarding: List[str]) -> bool:
    return os.access(folder, os.W_OK) and not any(lies_in(folder, place) for place in discarding)


def lies_in(folder: str, place: str) -> bool:
    return os.path.join(os.path.realpath(folder), "").startswith(os.path.join(os.path.realpath(place), ""))
