"""Databases of SQLite that live in memory: has what they hold changed?

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import sys
from itertools import compress, repeat
from operator import is_

from .names import DATABASE_NAMES
from .nodes import ChangedEntry
from .values import MISSING
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterable, Iterator, List, Tuple


#: of a larger database only the pages are compared, not what they hold, in bytes
MOST_DUMPED = 1_000_000

#: bound before a test can replace them
LIST_OBJECTS, COLLECT = gc.get_objects, gc.collect


class Held:
    """What a database held when it was last read. It is read anew only when rows were changed since."""

    def __init__(self) -> None:
        self._changes, self.text = (-1, -1), ""

    def read(self, connection: Any) -> str:
        changes = connection.total_changes, version_of(connection)
        if changes != self._changes:
            self._changes, self.text = changes, "rows %s" % contents_of(connection, changes)
        return self.text


def version_of(connection: Any) -> int:
    """A number that changes when another connection to the same database has changed it."""
    return int(rows_of(sys.modules["_sqlite3"], connection, "PRAGMA data_version")[0][0])


def contents_of(connection: Any, changes: Tuple[int, int]) -> str:
    """Stands for what a database holds; a transaction that was rolled back leaves it as it was."""
    if not hasattr(connection, "serialize"):  # before Python 3.11, and where SQLite is built without it
        return "%d %d" % changes
    sqlite3: Any = sys.modules["_sqlite3"]
    data = sqlite3.Connection.serialize(connection)
    if len(data) <= MOST_DUMPED:
        data = dumped(sqlite3, data)
    return hashlib.sha256(data).hexdigest()[:8]


def dumped(sqlite3: Any, data: bytes) -> bytes:
    """The statements that make a database, from a copy: free pages and counters of writes do not count."""
    copy = sqlite3.connect(":memory:")
    try:
        copy.deserialize(data)
        return "\n".join(copy.iterdump()).encode("utf-8", "replace")
    except sqlite3.Error:  # tables of an extension
        return data
    finally:
        copy.close()


def is_in_memory(sqlite3: Any, connection: Any) -> bool:
    return not any(row[2] for row in rows_of(sqlite3, connection, "PRAGMA database_list"))


def rows_of(sqlite3: Any, connection: Any, statement: str) -> List[Any]:
    """The rows that a statement yields, whatever classes the target has for connections and rows."""
    cursor = sqlite3.Cursor(connection)
    cursor.row_factory = None
    sqlite3.Cursor.execute(cursor, statement)
    found: List[Any] = sqlite3.Cursor.fetchall(cursor)
    return found


class DatabasesInMemory:
    """The connections of a process to databases in memory. Before Python 3.10 none is found.

    None that a test makes is kept: they are known by their ids.
    """

    def __init__(self) -> None:
        self._known: Dict[int, Held] = {}
        self._first: List[Any] = []  # those that modules have: a frozen heap does not list them

    def keep(self) -> None:
        """Take the databases of now for the beginning."""
        self._first = open_now(self._known, [])
        for connection in self._first:
            self._read(connection)

    def meet(self) -> None:
        """Take databases that were made since for what they are now."""
        for connection in open_now(self._known, self._first):
            if id(connection) not in self._known:
                self._read(connection)

    def changes(self) -> List[ChangedEntry]:
        """What has changed since the last time; a database that was made and filled since has changed as well."""
        connections = open_now(self._known, self._first)
        if any(id(one) not in self._known and one.total_changes for one in connections):
            del connections
            COLLECT()  # most are of tests that are over
            connections = open_now(self._known, self._first)
        self._known = {id(one): self._known[id(one)] for one in connections if id(one) in self._known}
        found = []
        for connection in connections:
            is_new = id(connection) not in self._known
            before = MISSING if is_new else self._known[id(connection)].text
            after = self._read(connection)
            if after != before and (connection.total_changes or not is_new):
                found.append(ChangedEntry(DATABASE, id(connection), before, after))
        return found

    def _read(self, connection: Any) -> str:
        held = self._known.setdefault(id(connection), Held())
        try:
            return held.read(connection)
        except Exception:  # it belongs to another thread
            return held.text


DATABASE = Watched("a database in memory", DATABASE_NAMES, lambda: None, None)


def open_now(known: Dict[int, Held], first: List[Any]) -> List[Any]:
    """The open connections to databases in memory, ``first`` among them; those with a ``known`` id are not asked."""
    sqlite3: Any = sys.modules.get("_sqlite3")
    if sqlite3 is None:
        return []
    found: Dict[int, Any] = {}
    for one in [*first, *of_types(with_subclasses(sqlite3.Connection), LIST_OBJECTS())]:
        with contextlib.suppress(Exception):  # it is closed, or belongs to another thread
            if (id(one) in known and one.total_changes >= 0) or is_in_memory(sqlite3, one):
                found[id(one)] = one
    return list(found.values())


def of_types(types: Iterable[type], objects: List[Any]) -> Iterator[Any]:
    """The objects of these types, without a step in Python for each of hundreds of thousands.

    A metaclass of the target may have a hash of its own, and Python calls audit hooks for each ``id``: neither is used.
    """
    for kind in types:
        yield from compress(objects, map(is_, map(type, objects), repeat(kind)))


def with_subclasses(kind: Any) -> Iterator[Any]:
    yield kind
    for one in type.__subclasses__(kind):
        yield from with_subclasses(one)
