"""Changes of the real tree that were noticed while processes of a target ran, until somebody reports them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

from kit.facts.target import Target
from kit.target.fingerprint import Difference, Fingerprint

_lock = Lock()
_found: dict[str, list[Difference]] = {}


@contextmanager
def watched(target: Target, outside: Iterable[str] = (), *, is_covered: bool) -> Iterator[None]:
    """Notice what changes of the real tree, repository and environment meanwhile, and of what links lead to."""
    fingerprint = Fingerprint(target, outside, is_covered=is_covered)
    try:
        yield
    finally:
        differences = fingerprint.differences()
        if differences:
            with _lock:
                _found.setdefault(target.root, []).extend(differences)


def take_touched(root: str | None = None) -> tuple[Difference, ...]:
    """What was noticed of the target at ``root``, or of any; it is the caller's to report from now on."""
    with _lock:
        roots = tuple(_found) if root is None else (root,)
        return tuple(dict.fromkeys(one for each in roots for one in _found.pop(each, [])))
