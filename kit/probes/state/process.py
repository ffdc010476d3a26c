"""What of the process's own states has changed, each with a way to put it back (see ``process_states.py``).

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextvars
import sys

from .interpreter import InterpreterNames
from .library_states import AFTER_IMPORT
from .loggers import LOGGER_PARTS, NEW_LOGGER, LoggerNode, loggers, state_of
from .nodes import ChangedEntry
from .process_states import always_there
from .registries import registries
from .values import same
from .watched import NOT_YET

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, Iterator, List, Tuple

    from .watched import Watched


NEVER_SET = object()


class States:
    """Some states, and their values when they were last looked at."""

    def __init__(self, watched: Iterable[Watched]) -> None:
        self.watched = list(watched)
        self._values: List[Any] = []

    def keep(self) -> None:
        """Remember the values of now."""
        self._values = [read_safely(one) for one in self.watched]

    def changes(self) -> List[ChangedEntry]:
        """What has changed since :meth:`keep`."""
        found = []
        for one, before in zip(self.watched, self._values):
            after = read_safely(one)
            if before is not NOT_YET and not equal(before, after):
                found.append(ChangedEntry(one, None, before, after))
        return found


class Process:
    """All states of the process, and their values when they were last looked at."""

    def __init__(self, more: Iterable[Watched] = ()) -> None:
        """``more`` are states of this process's target."""
        self._states = States([*always_there(), *registries(), *more])
        self._interpreter = InterpreterNames()
        self._late: Dict[str, Callable[[], Iterable[Watched]]] = dict(AFTER_IMPORT)
        self._loggers: Dict[str, Tuple[Any, ...]] = {}
        self._context: Dict[Any, Any] = {}
        self._logger_nodes: Dict[str, LoggerNode] = {}
        self._variable = VariableNode()

    def keep(self) -> None:
        """Remember the values of now."""
        self._find_late()
        self._states.keep()
        self._interpreter.keep()
        self._loggers = {name: state_of(logger) for name, logger in loggers()}
        self._context = dict(contextvars.copy_context())

    def changes(self) -> List[ChangedEntry]:
        """What has changed since :meth:`keep`."""
        found = self._states.changes()
        return [*found, *self._interpreter.changes(), *self._changes_of_loggers(), *self._changes_of_context()]

    def _find_late(self) -> None:
        for module in [name for name in self._late if name in sys.modules]:
            self._states.watched += self._late.pop(module)()

    def _changes_of_loggers(self) -> Iterator[ChangedEntry]:
        for name, logger in loggers():
            before, after = self._loggers.get(name, NEW_LOGGER), state_of(logger)
            for at, (was, now) in enumerate(zip(before, after)):
                if not equal(was, now):
                    node = self._logger_nodes.setdefault(name, LoggerNode(name))
                    yield ChangedEntry(node, LOGGER_PARTS[at], was, now)

    def _changes_of_context(self) -> Iterator[ChangedEntry]:
        now = dict(contextvars.copy_context())
        for variable, value in now.items():
            was = self._context.get(variable, NEVER_SET)
            if not same(was, value) and variable.name not in ("decimal_context",):
                yield ChangedEntry(self._variable, variable, was, value)


def equal(before: Any, after: Any) -> bool:
    """Whether two readings are the same; lists entry by entry."""
    if type(before) is list and type(after) is list:
        return len(before) == len(after) and all(map(same, before, after))
    return same(before, after)


def read_safely(one: Watched) -> Any:
    try:
        return one.read()
    except Exception as error:  # the working directory was removed, or a library has changed
        return "%s: %s" % (type(error).__name__, error)


class VariableNode:
    """The context variables of the process's main context."""

    path, depth = "contextvars", 99

    def path_to(self, key: Any) -> str:
        return "ContextVar(%r)" % key.name

    def names(self, key: Any) -> Tuple[str, ...]:
        return (key.name, *(name for name in names_bound_to(key)))

    def restore(self, key: Any, before: Any) -> None:
        if before is not NEVER_SET:
            key.set(before)


def names_bound_to(value: Any) -> List[str]:
    """The global names of any module that hold this object."""
    found = []
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", None)
        if type(names) is dict:
            found += [name for name, one in list(names.items()) if one is value]
    return found
