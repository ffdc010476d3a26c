"""Secrets in SQL: the columns stand in the statement, and the values in a list behind it, as SQLAlchemy shows both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from kit.masking.names import kind_of
from kit.masking.patterns import late
from kit.masking.rules import MASK, Hit, Span

#: before the parameters of a statement, in an error and in the log of an engine
_PARAMETERS = late(r"(?:parameters: |\[(?:generated in|cached since|no key|raw sql|dialect)[^\]]{0,40}\] )(?=\[?\()")
_STATEMENT = late(r"\b(?:INSERT|REPLACE|UPDATE|DELETE|SELECT|WITH)\b", re.IGNORECASE)
_INSERT = late(
    r"(?:INSERT|REPLACE)\b[^(]{1,200}\((?P<columns>[^()]+)\)\s*(?:OUTPUT[^()]*)?VALUES\s*(?=\()", re.IGNORECASE
)
_COMPARED = late(
    r"(?P<name>\w+)[\"`\])]*\s*(?:=|<>|!=|(?:NOT )?(?:I?LIKE|IN)\b)\s*(?:\w+)?\(*"
    r"(?P<mark>\?|\$\d+|:\d+|%s)",
    re.IGNORECASE,
)
_STRING = late(r"""[bN]?\\*(["'])(.+?)\\*\1""", re.DOTALL)
_NEXT_ROW = late(r"\s*\)\s*,\s*(?=\()")
_MARK = late(r"\?|\$\d+|:\d+|%s")
#: PostgreSQL: Key (email, password)=(bob@example.com, …) already exists
_KEY = late(r"\bKey \((?P<columns>[\w\", .]+)\)=(?=\()")

#: how far before its parameters a statement may begin, how many parameters and rows are looked at
_LONGEST, _MOST, _MOST_ROWS = 20_000, 2_000, 2_000


def in_sql(text: str, lowered: str) -> Iterator[Hit]:
    """The values of columns whose names say that they are secret."""
    if "parameters: " in lowered or "sqlalchemy" in lowered or "[generated in" in lowered or "[cached since" in lowered:
        yield from _parameters(text)
    if "values" in lowered:
        for found in _INSERT.finditer(text):
            yield from _of_rows(text, found.end(), _columns(found["columns"]), literal=True)
    if "key (" in lowered:
        for found in _KEY.finditer(text):
            yield from _of_rows(text, found.end(), _columns(found["columns"]), literal=False)


def _columns(listed: str) -> list[str]:
    return [re.sub(r"\W+", "", name.rpartition(".")[2]) for name in listed.split(",")]


def _parameters(text: str) -> Iterator[Hit]:
    end = 0
    for found in _PARAMETERS.finditer(text):
        before = text[max(end, found.start() - _LONGEST) : found.start()]
        begins = next(iter(_STATEMENT.finditer(before)), None)
        if begins is not None:
            yield from _of_rows(text, found.end(), _marked(before[begins.start() :]), literal=False)
        end = found.end()


def _marked(statement: str) -> list[str]:
    """The column of each place for a parameter, in their order; empty where none is named."""
    names = {found.start("mark"): found["name"] for found in _COMPARED.finditer(statement)}
    insert = _INSERT.search(statement)
    if insert is not None:
        columns = _columns(insert["columns"])
        for name, (start, end) in zip(columns, _items(statement, insert.end()), strict=False):
            if mark := _MARK.search(statement, start, end):
                names.setdefault(mark.start(), name)
    return [names.get(mark.start(), "") for mark in _MARK.finditer(statement)]


def _of_rows(text: str, at: int, columns: Sequence[str], *, literal: bool) -> Iterator[Hit]:
    """The values of secret columns in rows that begin at ``at``: ``(…)``, ``(…), (…)`` or ``[(…), (…)]``.

    ``literal``: only quoted values count; what else a statement holds is SQL.
    """
    if not any(kind_of(name) in ("strong", "fair") for name in columns):
        return
    at += text.startswith("[", at)
    for _ in range(_MOST_ROWS):
        items = list(_items(text, at))
        for name, (start, end) in zip(columns, items, strict=False):
            if kind_of(name) in ("strong", "fair") and (span := _value(text, start, end, literal=literal)):
                yield Hit(*span, start, end)
        follows = _NEXT_ROW.match(text, items[-1][1]) if items else None
        if follows is None:
            return
        at = follows.end()


def _value(text: str, start: int, end: int, *, literal: bool) -> Span | None:
    word = text[start:end]
    if quoted := _STRING.fullmatch(word):
        start, end = start + quoted.start(2), start + quoted.end(2)
    elif literal or word in ("", "None", "NULL", "True", "False"):
        return None
    return None if text[start:end].startswith(MASK) else (start, end)


def _items(text: str, at: int) -> Iterator[Span]:
    """Where the items of the list stand that begins with a bracket at ``at``."""
    yield from islice(_all_items(text, at), _MOST)


def _all_items(text: str, at: int) -> Iterator[Span]:
    depth, quote, start = 0, "", at + 1
    for place in range(at, min(len(text), at + _LONGEST)):
        letter = text[place]
        if quote:
            if letter == quote and text[place - 1] != "\\":
                quote = ""
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}" or (letter == "," and depth == 1):
            depth -= letter != ","
            if depth <= 1 and (letter == "," or depth == 0):
                yield _stripped(text, start, place)
                start = place + 1
            if depth <= 0:
                return


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
