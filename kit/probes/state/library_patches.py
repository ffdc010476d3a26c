"""What tests replace in libraries and leave there: functions, classes, methods and settings.

Libraries call each other, so any code can see a patch. Only entries are watched that code of the target may replace:
it sets an attribute of that name, or has the name in a text, as ``setattr`` and ``mock.patch`` take it. A look at every
function of every library would copy the memory of a fork.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import functools
import gc
import re
import sys
import types
from itertools import chain, compress
from opcode import opmap
from operator import attrgetter, is_not, itemgetter

from ..own_files import is_own
from .classes import classes_of
from .databases import of_types
from .held import held
from .names import ANY_NAME, OFTEN_PATCHED, words
from .nodes import ChangedEntry
from .values import MISSING, is_a, same
from .walking import DEEPEST, is_tool

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterator, List, Set, Tuple


#: modules that are watched in other ways: Python and pytest change them around each test
ELSEWHERE = ("sys", "warnings", "__main__")

#: what may stand for a function or a class
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type, functools.partial)
WRAPPERS = (staticmethod, classmethod, types.MethodType)

#: names that nearly every module and class has
IN_EACH = frozenset(words("__module__ __doc__ __name__ __qualname__ __file__ __dict__ __weakref__ __init__ __all__"))

#: the instructions that set or remove an attribute
SETTING = re.compile(b"[%s]" % re.escape(bytes((opmap["STORE_ATTR"], opmap["DELETE_ATTR"]))), re.DOTALL)
EXTENDED = opmap["EXTENDED_ARG"]

#: bound before a test can replace them
LIST_OBJECTS = gc.get_objects
READ: Any = itemgetter.__call__
FILE_OF, CONSTANTS_OF = attrgetter("__code__.co_filename"), attrgetter("co_consts")


class LibraryNames:
    """Some entries of a library's module or class, as they were at the last look."""

    depth = DEEPEST

    def __init__(self, path: str, owner: Any, mapping: Any, names: Set[str]) -> None:
        """``names`` are those of entries that may be replaced."""
        self.path, self.owner, self.mapping, self._names = path, owner, mapping, names
        self.library = path.partition(".")[0]
        self.keys: List[str] = []
        self.values: Any = []
        self.keep()

    def keep(self) -> None:
        """Remember the entries of now."""
        self.keys = sorted(self._names.intersection(self.mapping))
        self.values = held(map(self.mapping.get, self.keys)) if self.keys else []

    def read(self) -> Callable[[Any], Tuple[Any, ...]]:
        """Reads the entries from the mapping, without a step in Python for each."""
        return itemgetter(*self.keys, self.keys[0])

    def changes(self) -> Iterator[ChangedEntry]:
        """What was replaced, removed or added to a class since the last :meth:`keep`."""
        before = dict(zip(self.keys, self.values))
        added = sorted(self._names.intersection(self.mapping) - before.keys())
        for key in [*self.keys, *(added if is_a(self.owner, type) else ())]:
            was, now = before.get(key, MISSING), self.mapping.get(key, MISSING)
            if not same(was, now) and is_patch(key, was, now, self.library):
                yield ChangedEntry(self, key, was, now)

    def path_to(self, key: Any) -> str:
        return "%s.%s" % (self.path, key)

    def names(self, _key: Any) -> Tuple[str, ...]:
        return (ANY_NAME,)

    def restore(self, key: Any, before: Any) -> None:
        kind = type if is_a(self.owner, type) else types.ModuleType
        if before is MISSING:
            kind.__delattr__(self.owner, key)
        else:
            kind.__setattr__(self.owner, key, before)


class LibraryPatches:
    """The entries of all libraries that tests of one process may replace."""

    def __init__(self, root: str, own: Dict[str, Any]) -> None:
        """``root`` is the folder of the target; ``own`` are its modules by name, which grow."""
        self._root, self._own = root, own
        self._names: Set[str] = set()
        self._modules: Set[str] = set()
        self._seen: Set[int] = set()
        self._all: List[LibraryNames] = []
        self._places: List[LibraryNames] = []  # those with entries
        self._reads: List[Callable[[Any], Tuple[Any, ...]]] = []
        self._mappings: List[Any] = []
        self._values: Any = []
        self._classes: List[LibraryNames] = []
        self._attributes: List[Any] = []
        self._sizes: List[int] = []

    def begin(self) -> None:
        """Find what code of the target may replace, and remember what is there now."""
        self._names = {*OFTEN_PATCHED, *names_set_in(self._root)} - IN_EACH
        self._follow_new()
        self._keep()

    def changes(self) -> List[ChangedEntry]:
        """What was replaced since the last time, and is not the library's own doing."""
        found: List[ChangedEntry] = []
        differing = self._differing()
        for place in differing:
            found += place.changes()
            place.keep()
        new = self._follow_new() if sys.modules.keys() - self._modules else []
        for place in new:
            found += [
                ChangedEntry(place, key, MISSING, value)
                for key, value in zip(place.keys, place.values)
                if self._is_of_target(value)
            ]
        if differing or new:
            self._keep()
        return found

    def _differing(self) -> List[LibraryNames]:
        found: List[LibraryNames] = []
        if list(map(len, self._attributes)) != self._sizes:
            sizes = zip(self._classes, self._attributes, self._sizes)
            found += [place for place, attributes, size in sizes if len(attributes) != size]
        try:
            if any(map(is_not, chain.from_iterable(map(READ, self._reads, self._mappings)), self._values)):
                raise KeyError
        except KeyError:  # one was replaced or removed
            found += [place for place in self._places if place not in found]
        return found

    def _keep(self) -> None:
        self._places = [place for place in self._all if place.keys]
        self._reads = [place.read() for place in self._places]
        self._mappings = [place.mapping for place in self._places]
        self._values = held(chain.from_iterable(map(READ, self._reads, self._mappings)))
        self._sizes = list(map(len, self._attributes))

    def _follow_new(self) -> List[LibraryNames]:
        """Watch the libraries that were imported since the last time."""
        begun = len(self._all)
        for name, module in list(sys.modules.items()):
            is_known = name in self._modules or name in self._own or name in ELSEWHERE or is_tool(name)
            if not is_known and is_a(module, types.ModuleType):
                self._follow(name, module)
        self._modules.update(sys.modules)
        return self._all[begun:]

    def _follow(self, name: str, module: Any) -> None:
        names = types.ModuleType.__getattribute__(module, "__dict__")
        self._add(name, module, names)
        for path, value, attributes in classes_of(name, names):
            if self._add(path, value, attributes):
                self._classes.append(self._all[-1])
                self._attributes.append(attributes)

    def _add(self, path: str, owner: Any, mapping: Any) -> bool:
        is_new = id(owner) not in self._seen
        if is_new:
            self._seen.add(id(owner))
            self._all.append(LibraryNames(path, owner, mapping, self._names))
        return is_new

    def _is_of_target(self, value: Any) -> bool:
        home = home_of(value)
        return home in self._own or home == "unittest.mock"


def is_patch(key: str, before: Any, after: Any, library: str) -> bool:
    """Whether a library has not changed one of its entries itself: it swaps functions of its own, counts, and fills in
    what it needs.
    """
    known = after if before is MISSING else before
    if is_a(known, (*FUNCTIONS, staticmethod, classmethod, property)):
        return home_of(after).partition(".")[0] != library
    is_counted = is_a(before, (int, float)) and is_a(after, (int, float)) and not key.isupper() and after > before
    return not (key.startswith("_") or is_counted or before is None or before is MISSING)


def home_of(value: Any) -> str:
    """The module that a function, a class or an object says it is of."""
    if is_a(value, property):
        value = value.fget
    while is_a(value, WRAPPERS):
        value = value.__func__
    if is_a(value, type):
        return str(type.__dict__["__dict__"].__get__(value).get("__module__"))
    if is_a(value, (types.FunctionType, types.BuiltinFunctionType)):
        return str(value.__module__)
    return str(type.__dict__["__dict__"].__get__(type(value)).get("__module__"))


def names_set_in(root: str) -> Set[str]:
    """The names of attributes that functions below ``root`` set or remove, and those in their texts."""
    functions = list(of_types([types.FunctionType], LIST_OBJECTS()))
    files = list(map(FILE_OF, functions))  # of tens of thousands, most are a library's
    own = {path for path in set(files) if is_own(path, root)}
    return names_set_by([one.__code__ for one in compress(functions, map(own.__contains__, files))])


def names_set_by(codes: List[Any]) -> Set[str]:
    """Those of code objects and of the functions in them."""
    found: Set[str] = set()
    texts: Set[str] = set()
    while codes:
        for code in codes:
            raw = code.co_code
            for one in SETTING.finditer(raw[::2]):
                found.add(code.co_names[argument_at(raw, 2 * one.start())])
        constants = level = list(chain.from_iterable(map(CONSTANTS_OF, codes)))
        while level:
            level = list(chain.from_iterable(of_types([tuple, frozenset], level)))
            constants += level
        texts.update(of_types([str], constants))
        codes = list(of_types([types.CodeType], constants))
    return found | {text.rpartition(".")[2] for text in texts}


def argument_at(raw: bytes, at: int) -> int:
    """The argument of the instruction at a place of a code, whose upper bytes stand before it."""
    argument, shift = raw[at + 1], 8
    while at and raw[at - 2] == EXTENDED:
        at, argument, shift = at - 2, argument | raw[at - 1] << shift, shift + 8
    return argument
