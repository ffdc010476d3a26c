"""Which tests can see a state: those from which code that names it can be reached, by the names that code uses.

The calls are not known, only names, so more tests are found than really see it. A function also uses the texts that the
globals it names hold: the path of a file is often one. A function that a framework may call (a decorator has registered
it, or nothing names it) can be reached from every test.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import gc
import linecache
import types
from opcode import opmap

from ..own_files import is_own
from ..system.frozen import unfreeze
from .held_texts import LONGEST, HeldTexts
from .names import ANY_NAME, words

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterable, Iterator, List, Set


#: decorators that register nothing
HARMLESS = words(
    """
    @property @staticmethod @classmethod @abstractmethod @abc. @functools. @lru_cache @cache @pytest. @fixture
    @contextmanager @contextlib. @wraps @override @overload @typing. @mock. @patch @unittest. @pytest_asyncio.
    @cached_property @asynccontextmanager
    """
)

#: the functions of a test's class and of its module that run beside it
AROUND = [
    "setup_method",
    "teardown_method",
    "setup_class",
    "teardown_class",
    "setUp",
    "tearDown",
    "setUpClass",
    "tearDownClass",
    "asyncSetUp",
    "asyncTearDown",
]
IMPORT_NAME = opmap["IMPORT_NAME"]

AROUND_MODULE = ("setup_module", "teardown_module", "setup_function", "teardown_function")


class FunctionCode:
    """The code of one function: its name, its class if it is a method, and the names that it uses."""

    __slots__ = ("cls", "code", "globals", "is_nested", "name", "uses")

    def __init__(self, code: Any, qualname: str, every_globals: Dict[str, Any]) -> None:
        self.code, self.name, self.uses, self.globals = code, code.co_name, names_in(code), every_globals
        owner = qualname.rpartition(".")[0].rpartition(".")[2]
        self.is_nested = "<locals>" in qualname  # then its names count as those of the function around it, too
        self.cls = "" if owner == "<locals>" else owner


class Readers:
    """Answers which tests can see a state, for the ``items`` of a collected suite."""

    def __init__(self, items: List[Any], root: str) -> None:
        self._units = own_units(root)
        self._using: Dict[str, List[FunctionCode]] = {}
        self._holding: Dict[str, List[FunctionCode]] = {}
        held = HeldTexts(root)
        for unit in self._units:
            for name in unit.uses:
                self._using.setdefault(name, []).append(unit)
            for text in held.of_names(unit.uses, unit.globals):
                self._holding.setdefault(text, []).append(unit)
        self._tests_of: Dict[int, Set[int]] = {}
        self._fixtures: Dict[str, Set[int]] = {}
        for index, item in enumerate(items):
            for code in roots_of(item):
                self._tests_of.setdefault(id(code), set()).add(index)
            for name in getattr(item, "fixturenames", ()):
                self._fixtures.setdefault(name, set()).add(index)
        self._all = set(range(len(items)))
        self._called = {id(unit) for unit in self._units if self._may_be_called_by_a_framework(unit)}

    def of(self, names: Iterable[str]) -> Set[int]:
        """The tests that can see a state that has these names."""
        wanted = set(names)
        if ANY_NAME in wanted:
            return self._all
        found: Set[int] = set()
        for name in wanted:
            found |= self._fixtures.get(name, set())
        waiting = [unit for name in wanted for by in (self._using, self._holding) for unit in by.get(name, ())]
        known = set(map(id, waiting))
        while waiting:
            unit = waiting.pop()
            if id(unit) in self._called:
                return self._all
            found |= self._tests_of.get(id(unit.code), set())
            for caller in self._callers(unit):
                if id(caller) not in known:
                    known.add(id(caller))
                    waiting.append(caller)
        return found

    def _callers(self, unit: FunctionCode) -> Iterator[FunctionCode]:
        yield from self._using.get(unit.name, ())
        if unit.cls and is_implicit(unit.name):
            yield from self._using.get(unit.cls, ())

    def _may_be_called_by_a_framework(self, unit: FunctionCode) -> bool:
        if id(unit.code) in self._tests_of or unit.is_nested:
            return False
        if is_implicit(unit.name):
            return not unit.cls
        return unit.name not in self._using or is_registered(unit.code)


def own_units(root: str) -> List[FunctionCode]:
    """The code of every function whose file lies below ``root``, once."""
    unfreeze()
    found: Dict[int, FunctionCode] = {}
    owned: Dict[str, bool] = {}
    for one in gc.get_objects():
        if type(one) is types.FunctionType:
            path = one.__code__.co_filename
            if path not in owned:
                owned[path] = is_own(path, root)
            if owned[path] and id(one.__code__) not in found:
                found[id(one.__code__)] = FunctionCode(one.__code__, one.__qualname__, one.__globals__)
    return list(found.values())


def names_in(code: Any) -> Set[str]:
    """All names and texts in a code object and the functions in it; "import" where it has such a statement."""
    found = {*code.co_names, *code.co_freevars}
    if IMPORT_NAME in code.co_code[::2]:
        found.add("import")
    for constant in code.co_consts:
        found |= texts_in(constant)
    return found


def texts_in(constant: Any) -> Set[str]:
    if isinstance(constant, str):
        return {constant, constant.rpartition("/")[2], *constant.split(".")} if len(constant) < LONGEST else set()
    if isinstance(constant, types.CodeType):
        return names_in(constant)
    if isinstance(constant, (tuple, frozenset)):
        return {text for one in constant for text in texts_in(one)}
    return set()


def roots_of(item: Any) -> Iterator[Any]:
    """The code that pytest calls for a test: its function, its fixtures, what stands around it in its class."""
    functions: List[Any] = [getattr(item, "obj", None)]
    information = getattr(item, "_fixtureinfo", None)
    if information is not None:
        functions += [one.func for several in information.name2fixturedefs.values() for one in several]
    owner = getattr(item, "cls", None)
    if owner is not None:
        functions += [getattr(owner, name, None) for name in AROUND]
    module = getattr(item, "module", None)
    functions += [getattr(module, name, None) for name in AROUND_MODULE]
    for function in functions:
        while hasattr(function, "__wrapped__"):
            yield from code_of(function)
            function = function.__wrapped__
        yield from code_of(function)


def code_of(function: Any) -> Iterator[Any]:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is not None:
        yield code


def is_implicit(name: str) -> bool:
    """Whether a function is called without its name: a special method."""
    return name.startswith("__") and name.endswith("__")


def is_registered(code: Any) -> bool:
    """Whether a decorator stands above a function that may have registered it."""
    line = linecache.getline(code.co_filename, code.co_firstlineno).strip()
    return line.startswith("@") and not line.startswith(HARMLESS)
