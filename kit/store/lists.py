"""Which table holds which list of facts, and how a fact becomes a row and a fact again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, LargeBinary, Table, delete, insert, select, type_coerce

from kit.masking import cleaned, is_clean_json
from kit.store import schema
from kit.store.heads import save_head
from kit.store.packing import PackedList, packed_as_it_is, unpacked

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.failures import Failure, Group
    from kit.facts.fixes import FixOption, Layer, Trial
    from kit.facts.inventory import Collision, Finding, Importer, MappedClass
    from kit.facts.suite import CollectionError, TestResult

T = TypeVar("T")

_SHARED = {"case_id", "position", "fact"}

#: at most this many facts become rows at a time, because the rows of a large suite take much memory
_ROWS = 500


@dataclass(frozen=True)
class FactList(Generic[T]):
    """A list of facts of one type, kept in one table. The store's JSON is made of dataclasses as they are.

    ``fact`` says where the type is (``"package.module:Type"``): it is imported when there are rows to read, since a run
    of the tests needs few of them.
    """

    fact: str
    table: Table

    def replace(self, connection: Connection, case_id: str, facts: tuple[T, ...]) -> None:
        """Make ``facts`` the case's whole list."""
        _replace(connection, self.table, case_id, facts)

    def read(self, connection: Connection, case_id: str) -> tuple[T, ...]:
        """The case's list, in its order."""
        columns = self.table.c
        query = select(type_coerce(columns.fact, LargeBinary)).where(columns.case_id == case_id)
        rows = list(connection.scalars(query.order_by(columns.position)))
        if not rows:
            return ()
        decode = msgspec.json.Decoder(resolve_name(self.fact)).decode
        return tuple(decode(unpacked(row)) for row in rows)


def replace_results(connection: Connection, case_id: str, results: Sequence[TestResult]) -> None:
    """Make these the case's results: as a whole, and as rows that queries find by outcome or test. A portion becomes
    JSON once for both.
    """
    _remove(connection, schema.OUTCOMES, case_id)
    whole = PackedList()
    for start, portion in _portions(results):
        is_clean = whole.add(portion)
        _insert(connection, schema.OUTCOMES, case_id, portion, start, is_clean=is_clean)
    save_head(connection, case_id, "results", whole.packed())


def _replace(connection: Connection, table: Table, case_id: str, facts: Sequence[Any]) -> None:
    _remove(connection, table, case_id)
    for start, portion in _portions(facts):
        is_clean = is_clean_json(msgspec.json.encode(portion).decode())  # to look at each by itself would take longer
        _insert(connection, table, case_id, portion, start, is_clean=is_clean)


def _remove(connection: Connection, table: Table, case_id: str) -> None:
    connection.execute(delete(table).where(table.c.case_id == case_id))


def _portions(facts: Sequence[T]) -> Iterator[tuple[int, Sequence[T]]]:
    return ((start, facts[start : start + _ROWS]) for start in range(0, len(facts), _ROWS))


def _insert(
    connection: Connection, table: Table, case_id: str, facts: Sequence[Any], start: int, *, is_clean: bool
) -> None:
    """Insert rows of facts from a position on; ``is_clean``: there is nothing to mask in them."""
    columns = [name for name in table.c.keys() if name not in _SHARED]  # noqa: SIM118  # columns, by name
    rows: list[dict[str, Any]] = []
    for position, fact in enumerate(facts, start):
        row = {column: getattr(fact, column) for column in columns}
        row = (row if is_clean else cleaned(row)) | {"case_id": case_id, "position": position}
        if "fact" in table.c:
            row["fact"] = packed_as_it_is(fact) if is_clean else fact
        rows.append(row)
    connection.execute(insert(table), rows)


COLLECTION_ERRORS: FactList[CollectionError] = FactList("kit.facts.suite:CollectionError", schema.COLLECTION_ERRORS)
FAILURES: FactList[Failure] = FactList("kit.facts.failures:Failure", schema.FAILURES)
MAPPED_CLASSES: FactList[MappedClass] = FactList("kit.facts.inventory:MappedClass", schema.MAPPED_CLASSES)
COLLISIONS: FactList[Collision] = FactList("kit.facts.inventory:Collision", schema.COLLISIONS)
FINDINGS: FactList[Finding] = FactList("kit.facts.inventory:Finding", schema.FINDINGS)
IMPORTERS: FactList[Importer] = FactList("kit.facts.inventory:Importer", schema.IMPORTERS)
GROUPS: FactList[Group] = FactList("kit.facts.failures:Group", schema.GROUPS)
FIX_OPTIONS: FactList[FixOption] = FactList("kit.facts.fixes:FixOption", schema.FIX_OPTIONS)
TRIALS: FactList[Trial] = FactList("kit.facts.fixes:Trial", schema.TRIALS)
LAYERS: FactList[Layer] = FactList("kit.facts.fixes:Layer", schema.LAYERS)
CAUSES: FactList[Cause] = FactList("kit.facts.causes:Cause", schema.CAUSES)
