"""What Python itself keeps for all of a process's code: its codecs, what passes for an abstract class, and hooks.

The functions are bound before a test can replace them.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import abc
import codecs
import collections.abc
import encodings
import functools
import gc
import sys

from ..system.signals_and_limits import priority
from .classes import registered_with
from .watched import Watched, of_list

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator


#: what code uses that finds a codec, and what handles its errors
FINDING = ("encode", "decode", "lookup", "register", "unregister", "open", "getreader", "getwriter")
HANDLING = ("encode", "decode", "lookup_error", "register_error", "open")


def registries() -> Iterator[Watched]:
    """All of them that this Python has."""
    yield from codecs_found()
    yield from abstract_classes()
    if hasattr(sys, "get_asyncgen_hooks"):
        names = "get_asyncgen_hooks", "__aiter__", "aclose"
        read, write = sys.get_asyncgen_hooks, sys.set_asyncgen_hooks
        yield Watched("sys.get_asyncgen_hooks()", names, lambda: list(read()), lambda value: write(*value))
    depth = (sys.get_coroutine_origin_tracking_depth, sys.set_coroutine_origin_tracking_depth)
    yield Watched("sys.get_coroutine_origin_tracking_depth()", (depth[0].__name__, "cr_origin"), *depth)
    priority_now = priority()
    if priority_now:
        yield Watched("os.getpriority()", ("getpriority", "nice"), priority_now, None)


def codecs_found() -> Iterator[Watched]:
    """The functions that find codecs, and those that handle errors: Python names neither list, so that they are looked
    for among what refers to the usual members.
    """
    usual = encodings.search_function, codecs.lookup_error("strict")
    for one in gc.get_referrers(*usual) if hasattr(gc, "get_referrers") else ():
        if type(one) is list and any(entry is usual[0] for entry in one):
            yield of_list("codecs.register()", FINDING, functools.partial(same_object, one))
        elif type(one) is dict and one.get("strict") is usual[1] and "backslashreplace" in one:
            yield Watched("codecs.register_error()", HANDLING, functools.partial(entries_of, one), None)


def same_object(one: Any) -> Any:
    return one


def entries_of(handlers: Dict[str, Any]) -> Any:
    return [entry for pair in handlers.items() for entry in pair]


def abstract_classes() -> Iterator[Watched]:
    """What is registered with the abstract classes of collections: it is counted when something was registered."""
    every = [getattr(collections.abc, name) for name in collections.abc.__all__]
    readers = {one.__name__: read for one in every for read in [registered_with(one)] if read is not None}
    counted: Dict[object, Dict[str, str]] = {}
    token = abc.get_cache_token

    def read(name: str) -> str:
        now = token()
        if now not in counted:
            counted.clear()
            counted[now] = {name: count() for name, count in readers.items()}
        return counted[now][name]

    for name in readers:
        yield Watched("collections.abc.%s.register()" % name, (name,), functools.partial(read, name), None)
