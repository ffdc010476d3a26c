"""How a fact becomes JSON in the database, without secrets, and how a long one is compressed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
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
    return _json_and_whether_clean(fact)[0]


def _json_and_whether_clean(fact: Any) -> tuple[str, bool]:
    text = msgspec.json.encode(fact).decode()
    if is_clean_json(text):
        return text, True
    return msgspec.json.encode(cleaned(msgspec.to_builtins(fact))).decode(), False


def compressed(json: bytes) -> bytes:
    """The JSON as :class:`Packed` keeps it."""
    return zlib.compress(json) if len(json) > _SHORT else json


def packed_as_it_is(fact: Any) -> bytes:
    """What :class:`Packed` keeps of a fact in which there is nothing to mask."""
    return compressed(msgspec.json.encode(fact))


def unpacked(value: bytes) -> bytes:
    """The JSON of what :class:`Packed` keeps."""
    return zlib.decompress(value) if value.startswith(_COMPRESSED) else value


class PackedList:
    """A long list as :class:`Packed` keeps it, made of some facts at a time: the JSON of all would take much memory."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj()
        self._parts: list[bytes] = []

    def add(self, facts: Sequence[Any]) -> bool:
        """Add the next facts, at least one; whether there was nothing to mask in them."""
        json, is_clean = _json_and_whether_clean(facts)
        self._parts += map(self._stream.compress, (b"," if self._parts else b"[", json[1:-1].encode()))
        return is_clean

    def packed(self) -> bytes:
        """The list of all that was added; then nothing more can be."""
        end = b"]" if self._parts else b"[]"
        return b"".join([*self._parts, self._stream.compress(end), self._stream.flush()])


def packed(fact: Any) -> bytes:
    """What :class:`Packed` keeps of a fact; bytes are packed already."""
    if isinstance(fact, bytes):
        return fact
    if not isinstance(fact, tuple) or len(fact) <= _AT_ONCE:
        return compressed(as_json(fact).encode())
    facts = PackedList()
    for start in range(0, len(fact), _AT_ONCE):
        facts.add(fact[start : start + _AT_ONCE])
    return facts.packed()


class Packed(TypeDecorator[Any]):
    """A fact as JSON, compressed where it is long. No query looks into it: node ids and paths repeat so much that this
    takes a tenth of the room. Bytes are a fact that is packed already.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002  # the base asks
        """What goes into the database."""
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002  # the base asks
        """The fact as dictionaries, lists and plain values."""
        return None if value is None else msgspec.json.decode(unpacked(value))
