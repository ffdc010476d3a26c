"""How a fact becomes JSON in the database, without secrets, and how a long one is compressed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from kit.masking import cleaned, is_clean_json

#: in bytes: shorter JSON is kept as it is, since compressing it saves next to nothing
_SHORT = 256

#: at most this many facts of a list become JSON at a time
_AT_ONCE = 1000

#: how every compressed value begins, and no JSON
_COMPRESSED = b"\x78"


def as_json(fact: Any) -> str:
    """The fact as JSON, with every secret in it masked."""
    text = msgspec.json.encode(fact).decode()
    return text if is_clean_json(text) else msgspec.json.encode(cleaned(msgspec.to_builtins(fact))).decode()


def compressed(json: bytes) -> bytes:
    """The JSON as :class:`Packed` keeps it."""
    return zlib.compress(json) if len(json) > _SHORT else json


def packed_as_it_is(fact: Any) -> bytes:
    """What :class:`Packed` keeps of a fact in which there is nothing to mask."""
    return compressed(msgspec.json.encode(fact))


def unpacked(value: bytes) -> bytes:
    """The JSON of what :class:`Packed` keeps."""
    return zlib.decompress(value) if value.startswith(_COMPRESSED) else value


def _packed(fact: Any) -> bytes:
    if not isinstance(fact, tuple) or len(fact) <= _AT_ONCE:
        return compressed(as_json(fact).encode())
    stream = zlib.compressobj()
    return b"".join([*map(stream.compress, _in_parts(fact)), stream.flush()])


def _in_parts(facts: tuple[Any, ...]) -> Iterator[bytes]:
    """The JSON of a long list: some facts at a time, because that of all would take much memory."""
    for start in range(0, len(facts), _AT_ONCE):
        yield b"," if start else b"["
        yield as_json(facts[start : start + _AT_ONCE])[1:-1].encode()
    yield b"]"


class Packed(TypeDecorator[Any]):
    """A fact as JSON, compressed where it is long. No query looks into it: node ids and paths repeat so much that this
    takes a tenth of the room. Bytes are a fact that is packed already.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002  # the base asks
        """What goes into the database."""
        return value if value is None or isinstance(value, bytes) else _packed(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002  # the base asks
        """The fact as dictionaries, lists and plain values."""
        return None if value is None else msgspec.json.decode(unpacked(value))
