"""What classes of the target know beyond their attributes: their subclasses, and what passes for one.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import abc
import sys
from itertools import compress, repeat

from .values import is_a
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple


def subclasses_of(classes: List[type]) -> Watched:
    """How many subclasses these classes have: the list grows. A class that nobody keeps lives until it is collected."""
    find = type.__subclasses__
    return Watched("type.__subclasses__()", ("__subclasses__",), lambda: sum(len(find(one)) for one in classes), None)


def registered_with(value: type) -> Optional[Callable[[], str]]:
    """How to read how many classes are registered with an abstract class; ``None`` if none can be."""
    dump = getattr(sys.modules.get("_abc"), "_get_dump", None)
    if dump is None or not is_a(value, abc.ABCMeta):
        return None
    return lambda: "%d registered" % len(dump(value)[0])


def classes_of(module: str, names: Dict[str, Any]) -> Iterator[Tuple[str, type, Any]]:
    """The classes in a library's module that are of this library and can be changed: path, class, attributes."""
    library = module.partition(".")[0]
    values = list(names.values())
    for value in compress(values, map(issubclass, map(type, values), repeat(type))):  # of thousands, most are none
        if is_heap(value):
            attributes = type.__dict__["__dict__"].__get__(value)
            home = attributes.get("__module__")
            if isinstance(home, str) and home.partition(".")[0] == library:
                yield "%s.%s" % (home, type.__dict__["__qualname__"].__get__(value)), value, attributes


def is_heap(value: type) -> bool:
    """Whether a class can be changed: those that are written in C cannot."""
    return bool(value.__flags__ & (1 << 9))
