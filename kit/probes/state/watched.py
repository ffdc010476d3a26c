"""One state of the process: how it is read, and how it is put back.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Optional, Tuple


#: how a state reads while its module has not made it: making it later does not count as a change
NOT_YET = object()


class Watched:
    """One state of the process. It plays the part of a node of which it is the only entry."""

    depth = 99

    def __init__(
        self, path: str, names: Tuple[str, ...], read: Callable[[], Any], write: Optional[Callable[[Any], Any]]
    ) -> None:
        """``names``: code that sees the state uses one of them; ``write`` is ``None`` if nothing puts it back."""
        self.path, self._names, self._read, self._write = path, names, read, write

    def read(self) -> Any:
        return self._read()

    def path_to(self, _key: Any) -> str:
        return self.path

    def names(self, _key: Any) -> Tuple[str, ...]:
        return self._names

    def restore(self, _key: Any, before: Any) -> None:
        if self._write is not None:
            self._write(before)


def of_list(path: str, names: Tuple[str, ...], get: Callable[[], Any]) -> Watched:
    """A list, which ``get`` returns: another list may have taken its place."""
    return Watched(path, names, lambda: list(get()), lambda value: get().__setitem__(slice(None), value))


def of_attribute(path: str, names: Tuple[str, ...], owner: Any, name: str) -> Watched:
    return Watched(path, names, lambda: getattr(owner, name), lambda value: setattr(owner, name, value))
