"""Secrets whose names stand elsewhere: behind the value, in a line above, in another element, in a function's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kit.masking.assigned import CLOSING
from kit.masking.columns import in_columns
from kit.masking.names import kind_of
from kit.masking.patterns import late
from kit.masking.rules import MASK, Hit
from kit.masking.sql import in_sql
from kit.masking.values import VARIABLE, is_made_up

_QUOTED = r"""[bruf]{0,2}(?P<quote>\\*["'])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n]){1,4000})(?P=quote)"""
_NAME = r"(?P<name>[\w.-]{2,80})"


class _Pair(NamedTuple):
    """A pattern with a ``name`` and a ``value``; it runs only on a text that holds the ``keyword``. ``is_certain``: the
    value belongs to the name beyond doubt.
    """

    keyword: str
    pattern: re.Pattern[str]
    is_certain: bool = True


_PAIRS = (
    # pytest: where 'VALUE' = Settings().api_key · where 'VALUE' = get_password('bob')
    _Pair("where", late(rf"\bwhere {_QUOTED} = (?:[^\n]*\.)?(?P<name>[A-Za-z_]\w*)(?:\([^\n]*\))?(?![\w.(])")),
    # pydantic: the field in one line, its input in the next
    _Pair(
        "input_value=",
        late(
            rf"^[ \t]*(?:E[ \t]+)?{_NAME}\n(?:[^\n]*\n){{0,2}}?[^\n]*"
            rf"\binput_value={_QUOTED}",
            re.MULTILINE,
        ),
    ),
    _Pair("</key>", late(rf"<key>{_NAME}</key>\s*<(?:string|data)>(?P<value>[^<\n]+)")),
    _Pair(
        "=",
        late(
            rf"""<(?:entry|property|string|setting|param|variable|item|env|add)\b[^<>\n]{{0,80}}\b(?:key|name)=["']{_NAME}"""
            r"""["'][^<>\n]{0,80}>[ ]?(?:<value>)?(?P<value>[^<\n]+)</"""
        ),
    ),
    _Pair("value:", late(rf"""\bname:[ ]*["']?{_NAME}["']?[ ]*\n[ \t]*value:[ ]*["']?(?P<value>[^"'\n#]+)""")),
    _Pair(
        "form-data",
        late(rf"""form-data; name="{_NAME}"[^\n]*\n(?:\s*[\w-]+:[^\n]*\n)*\s*\n\s*(?P<value>[^\r\n]+)"""),
    ),
    _Pair("|", late(rf"(?:^[ \t]*\|?|\|)[ ]*`?{_NAME}`?[ ]*\|[ ]*`?(?P<value>[^|\n`]+?)`?[ ]*\|", re.MULTILINE)),
    _Pair("env ", late(rf"(?<![\w.-])ENV {_NAME} (?P<value>[^\n=]+)")),
    *(
        _Pair(command, late(rf"""(?<![\w.-])(?:set -\w*x\w*|setenv) {_NAME} ["']?(?P<value>[^\s"'\\=]+)"""))
        for command in ("set -", "setenv ")
    ),
    _Pair("duplicate entry", late(rf"Duplicate entry {_QUOTED} for key '(?:\w+\.)?{_NAME}'")),
    # user.set_password('VALUE') · check_password_hash(stored, 'VALUE')
    _Pair(
        "(",
        late(
            r"\b(?:set|check|verify|hash|make|change|reset|update|validate|encrypt|compare|generate)_"
            rf"(?P<name>\w{{2,40}}?)(?:_hash)?\((?:[\w.]+,[ ])?{_QUOTED}"
        ),
        is_certain=False,
    ),
    # auth=('bob', 'VALUE') · BasicAuth("bob", "VALUE")
    _Pair(
        "auth",
        late(rf"""(?P<name>[Aa]uth)(?:entication)?[ ]?[=(:]?[ ]?\(?[ ]?[bru]{{0,2}}["'][^"'\n]*["'],[ ]?{_QUOTED}"""),
        is_certain=False,
    ),
)


def apart(text: str, *, closed: bool = False) -> Iterator[Hit]:
    """The values of names that do not stand directly before them. ``closed``: only those that end with a quote or a
    brace; joined lines need that.
    """
    lowered = text.lower()
    hits = [hit for pair in _PAIRS if pair.keyword in lowered for hit in _hits(text, pair)]
    hits += [*in_sql(text, lowered), *in_columns(text)]
    yield from (hit for hit in hits if not closed or text[hit.end : hit.end + 1] in CLOSING)


def _hits(text: str, pair: _Pair) -> Iterator[Hit]:
    for found in pair.pattern.finditer(text):
        kind, value = kind_of(found["name"].rpartition(".")[2]), found["value"].strip()
        if kind is None or value.startswith(MASK) or VARIABLE.fullmatch(value):
            continue
        if (pair.is_certain and kind == "strong") or is_made_up(value, "fair"):
            yield Hit(*found.span("value"), *found.span())
