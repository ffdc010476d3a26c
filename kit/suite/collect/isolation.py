"""Decides whether tests run in forks of the process that has collected them, and says so in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from kit.facts.suite import StartMethod
from kit.facts.wording import counted
from kit.suite.collect.collection import Collection

#: how many names of threads a sentence has, at most
_MOST_NAMES = 5


def start_method_of(collection: Collection) -> StartMethod:
    """The start method that the suite needs, whatever isolation was requested."""
    if collection.prepares or (collection.asks_early and collection.prepares_named):
        return "prepared"
    if collection.asks_early:
        return "named"
    return "fresh" if collection.unsafe else "forked"


def choose_isolation(
    wanted: str, collection: Collection, *, overlays: bool = False, has_begun: bool = False
) -> tuple[bool, str]:
    """Decide whether children are forked, and say how and why in a sentence.

    ``overlays``: each child gets a copy-on-write overlay of the tree. ``has_begun``: the workers are already running
    and have collected the suite.
    """
    objection = _objection(collection)
    if has_begun and not objection:
        objection = "the workers of the last run had to; nothing needs that any more, so the next run forks its workers"
    forks, sentence = _choice(wanted, objection)
    if overlays:
        sentence += "; each with a copy-on-write overlay of the files"
    if forks and collection.native_threads:
        sentence += f"; it has {_in_words(collection.native_threads)}, which its copies do without"
    if collection.asks_for_names and not (forks and collection.prepares):
        sentence += f"; workers have names as with pytest-xdist, for {collection.asks_for_names}"
    return forks, sentence


def _objection(collection: Collection) -> str:
    prepares = f"each is prepared before it begins ({collection.prepares})" if collection.prepares else ""
    return collection.unsafe or collection.asks_early or prepares


def _choice(wanted: str, unsafe: str) -> tuple[bool, str]:
    """Whether workers are forked, and the sentence that says why or why not.

    ``unsafe`` says why forking is not safe; kit then forks only if the user has requested ``fork`` by name.
    """
    if wanted in ("file", "test"):
        if unsafe:
            fresh = "a new process that collects the suite for itself"
            return False, f"{wanted}: {fresh} runs each {wanted}, since {unsafe}"
        return True, f"{wanted}: a new copy of the process that collected the suite runs each {wanted}"
    if wanted == "process":
        return False, "process: each worker collects the suite for itself, as requested"
    if unsafe and wanted == "auto":
        return False, f"process: each worker collects the suite for itself, since {unsafe}"
    although = f", as requested, although {unsafe}" if unsafe else ""
    return True, f"fork: each worker is a copy of the process that collected the suite{although}"


def _in_words(names: Sequence[str]) -> str:
    """``"3 threads of native libraries (python, jemalloc_bg_thd)"``; ``names`` are those in the kernel."""
    known = ", ".join(list(dict.fromkeys(names))[:_MOST_NAMES])
    return f"{counted(len(names), 'thread')} of native libraries ({known})"
