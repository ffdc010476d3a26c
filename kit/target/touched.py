"""Changes of the real tree that were noticed while processes of a target ran, until somebody reports them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

from kit.facts.target import Target
from kit.target.fingerprint import MOST_ENTRIES, Difference, Fingerprint

_LOG = logging.getLogger(__name__)

_lock = Lock()
_found: dict[str, list[Difference]] = {}
_watching: dict[str, list[Fingerprint]] = {}


@contextmanager
def watched(target: Target, outside: Iterable[str] = (), *, is_covered: bool) -> Iterator[None]:
    """Notice what changes of the real tree, repository and environment meanwhile, and of what links lead to."""
    fingerprint = Fingerprint(target, outside, is_covered=is_covered)
    if not fingerprint.is_complete:
        _LOG.warning("%s has more than %d entries: changes beyond them are not noticed", target.root, MOST_ENTRIES)
    with _lock:
        _watching.setdefault(target.root, []).append(fingerprint)
    try:
        yield
    finally:
        note_touched(target.root)
        with _lock:
            _watching[target.root].remove(fingerprint)


def note_touched(root: str) -> None:
    """Look at once: what changes now may change again later, and only its last moment can be seen."""
    for fingerprint in tuple(_watching.get(root, ())):
        differences = fingerprint.differences()
        if differences:
            with _lock:
                _found.setdefault(root, []).extend(differences)


def take_touched(root: str | None = None) -> tuple[Difference, ...]:
    """What was noticed of the target at ``root``, or of any, each path as it was noticed first; it is the caller's to
    report from now on.
    """
    with _lock:
        roots = tuple(_found) if root is None else (root,)
        found = [one for each in roots for one in _found.pop(each, [])]
    return tuple({one.path: one for one in reversed(found)}.values())[::-1]
