"""What Python and pytest compile of the target while it is collected stays beside its files, in kit's private copy of
the tree, as in any other run: kit gives it back the next time. Nothing is written anywhere else.

It is decided just before a module is compiled, and by functions that have returned by then: a traceback shows no frame
of ours.
"""

from __future__ import annotations

import importlib.machinery
import sys

from ..own_files import is_own

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Iterable, List, Optional


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
