"""Rows that are replaced in place, and the heads: the part of a room's facts that is not a list."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, LargeBinary, Table, insert, select, type_coerce, update

from kit.store import schema
from kit.store.packing import packed, unpacked

T = TypeVar("T")


def put(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Write the row of ``key``, new or known."""
    row = [table.c[name] == value for name, value in key.items()]
    if connection.execute(update(table).where(*row).values(values)).rowcount == 0:
        connection.execute(insert(table).values(key | values))


def save_head(connection: Connection, case_id: str, room: str, fact: Any) -> None:
    """Replace the head of a room. It is packed once: an update that finds no row, and an insert, would each do so."""
    put(connection, schema.HEADS, {"case_id": case_id, "room": room}, {"fact": packed(fact)})


def read_head(connection: Connection, case_id: str, room: str) -> Any:
    """The head of a room as plain data, ``None`` where there is none; for a type that is imported only then."""
    table = schema.HEADS.c
    return connection.scalar(select(table.fact).where(table.case_id == case_id, table.room == room))


def load_head(connection: Connection, case_id: str, room: str, fact: type[T]) -> T | None:
    """The head of a room, ``None`` where there is none. No plain data is made on the way, which takes much memory."""
    table = schema.HEADS.c
    packed = select(type_coerce(table.fact, LargeBinary)).where(table.case_id == case_id, table.room == room)
    head = connection.scalar(packed)
    return msgspec.json.decode(unpacked(head), type=fact) if head else None
