"""How a fact becomes JSON in the database, without secrets, and how a long one is compressed."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from kit.masking import cleaned, may_hold_secret

#: in bytes: shorter JSON is kept as it is, since compressing it saves next to nothing
_SHORT = 256

#: how every compressed value begins, and no JSON
_COMPRESSED = b"\x78"


def as_json(fact: Any) -> str:
    """The fact as JSON, with every secret in it masked."""
    text = msgspec.json.encode(fact).decode()
    return msgspec.json.encode(cleaned(msgspec.to_builtins(fact))).decode() if may_hold_secret(text) else text


def compressed(json: bytes) -> bytes:
    """The JSON as :class:`Packed` keeps it."""
    return zlib.compress(json) if len(json) > _SHORT else json


def _unpacked(value: bytes) -> Any:
    return msgspec.json.decode(zlib.decompress(value) if value.startswith(_COMPRESSED) else value)


class Packed(TypeDecorator[Any]):
    """A fact as JSON, compressed where it is long. No query looks into it: node ids and paths repeat so much that this
    takes a tenth of the room.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002  # the base asks
        """What goes into the database."""
        return None if value is None else compressed(as_json(value).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002  # the base asks
        """The fact as dictionaries, lists and plain values."""
        return None if value is None else _unpacked(value)
