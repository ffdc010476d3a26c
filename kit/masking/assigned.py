"""Secrets that are recognized by their name: ``password=…``, ``"api_key": "…"``, ``<token>…</token>``."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import NamedTuple

from kit.masking.names import HINT, Kind, kind_of
from kit.masking.patterns import late
from kit.masking.randomness import is_telling, looks_random
from kit.masking.rules import MASK, Hit, Span
from kit.masking.values import SHORT, VARIABLE, is_code, is_made_up, is_no_secret, is_prose
from kit.masking.views import NEXT_LINE

#: what ends a value that is closed
CLOSING = ('"', "'", "`", "}", "\\", "<")

_ASCII_LOWER = {ord(letter): letter.lower() for letter in string.ascii_uppercase}
_REST_OF_NAME = late(r"[\w-]*")
_OWNER_BEFORE = late(r"(?:api|access|secret|private|auth|signing|pass) $", re.IGNORECASE)

#: a longer word is not a name
_LONGEST_NAME = 80

#: what stands after the end of a string, and seldom begins a value
_AFTER_STRING = " \t),]};:"

#: from the end of a name to the value
_SEPARATOR = late(
    r"""(?:
        (?P<xml> [ ]?(?:[\w:-]+=(?:"[^"<>\n]*"|'[^'<>\n]*')[ ]?){0,4}>[ \t]*(?:<!\[CDATA\[)?(?=[^<\s]) )
      | \\*["'`]? \)? [ \t]{0,3} ,? [ \t]{0,3} \\*["'`]? (?:value|val|default|content|data) \\*["'`]?
        [ \t]{0,3} [:=] [ \t]{0,3}
      | (?P<tuple> \\*["'] [ \t]{0,3} , \s{0,20} (?=[bru]{0,2}\\*["']) )
      | \\*["'`]? \]? (?: [ ]?:[ ]?[a-z_](?:[\w.|\[\] ]{0,40}(?=[ ]=)|[a-z_.|\[\]]{0,40})
          (?=[ ]?=[ ]?(?:[a-z_.]{1,40}\((?:default=)?)?[bruf]{0,2}["']) )? [ \t]{0,12}
        (?P<sign> [:=!]= | => | -> | (?<![:\s]):(?!:)=? | (?<=\s):(?=\s) | = | [ ](?:is|was)[ ](?=["'\d])
          | [ ](?:provided|given|supplied|received|used):
          | [ ](?=["']) )
        [ \t]{0,12}
        (?: \r?\n (?P<indent> [ \t]* (?:[-+E>|][ \t]+)* ) )?
        (?: (?:[|>][+-]?|<<[-~]?["']?\w+["']?)[ \t]*\n[ \t]* )?
        (?: (?-i:[A-Z])[A-Za-z_.]{1,40}\( (?:default=|value=)? (?=[bruf]{0,2}["']) )?
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTED = late(
    r"""[bruf]{0,2}(?P<quote>\\*(?:\"\"\"|\'\'\'|["'`]))(?P<value>(?:(?!(?P=quote))(?:\\.|[^\n])){1,4000})"""
)
#: a string that goes on: ``'abc' 'def'``
_FURTHER = late(
    r"""(?P<before>["'])[ \t]+[bruf]{0,2}(?P<quote>["'])(?P<value>(?:(?!(?P=quote))[^\n])+)(?=(?P=quote))"""
)
_BRACED = late(r"\{((?:[^{}\n]|\}\}){1,200})\}")
_LIST = late(r"""[\[({](?P<items>[^\])}\n]{2,2000})""")
_ITEM = late(r"""(?P<quote>["'])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n])+)(?P=quote)(?![ ]?:)""")
_WORD = late(r"""[^\s\0,;&"'`<>()\[\]{}\\]+(?:[({\[][^\s,;&"'`<>()\[\]{}\\]*)*""")
#: the further words of a value, up to the next name and its sign, a comma, or how a sentence goes on
_REST = late(
    r"""(?:(?![ \t]+[\w.-]+[ ]?[=:]|[ \t]+(?:for|from|in|at|on|and|to|failed|is|was|of)\b|[ \t]{2,}|[ \t]\#)"""
    r"""[^\n\0,;"'`<>)\]}])*"""
)
_LINE = late(r"""[^\n\0"'`<>]+""")

#: what may stand before a name that begins its line
_MARGIN = late(r"[ \t>|E+-]*(?:export[ ]+|set[ ]+|- )?")
_OPEN_PAIR = late(r"""[(\[{][ ]?[bru]{0,2}\\*["'][\w-]*$""")
#: where pydantic and FastAPI say which part of a request is wrong: ``'loc': ('cookie', 'page')``
_PLACE_OF_ERROR = late(r"""\bloc\b\\*["']?\]? ?(?:[:=]|==) ?[(\[]\\*["'][\w-]*$""")
_END_OF_PAIR = late(r"""\\*["'],?\s*[)\]}]""")
#: a line that does so is not all value
_GOES_ON = late(r"\(|[,;] ")
_CONTENT = late(r"[^<\n]+")
#: how a connection string goes on behind a value: ``password=…;encrypt=true``
_NEXT_SETTING = late(r";[ ]?[A-Za-z][\w ]{0,30}=(?!=)")

_OPTION_VALUE = late(
    r"""(?:[ \t]+(?P<quote>["'])|[ \t]+|\\*["'],\s*\\*["'])(?!-|\*\*\*)"""
    r"""(?P<value>(?(quote)(?:(?!(?P=quote))[^\n])+|[^\s"'\\]+))"""
)


def assigned(text: str, *, closed: bool = False) -> Iterator[Hit]:
    """The values with a name that says that they are secret. ``closed``: only those that end with a quote, a brace,
    or the next part of a connection string; joined lines need that.
    """
    for name in names(text):
        separator = _SEPARATOR.match(text, name.end)
        spans = _values(text, name, separator) if separator else _argument(text, name)
        for start, end in spans:
            if not closed or text[end : end + 1] in CLOSING or _NEXT_SETTING.match(text, end):
                yield Hit(start, end, name.start, end)


class Name(NamedTuple):
    """A name in a text that says something about its value."""

    start: int
    end: int
    word: str
    kind: Kind
    is_constant: bool


def names(text: str) -> Iterator[Name]:
    """The names in ``text`` that say that their values are secret."""
    lowered = text.lower()
    if len(lowered) != len(text):  # some letters become two when lowered, and places would shift
        lowered = text.translate(_ASCII_LOWER)
    end = 0
    for hint in HINT.finditer(lowered):
        if hint.start() < end:
            continue
        start = hint.start()
        while start > end and (text[start - 1].isalnum() or text[start - 1] in "_-"):
            start -= 1
        found = _REST_OF_NAME.match(text, hint.end())
        assert found is not None
        end = found.end()
        word = text[start:end].lstrip("-_")
        kind = kind_of(word) if len(word) <= _LONGEST_NAME else None
        if kind in ("weak", "fair") and _OWNER_BEFORE.search(text, max(0, start - 12), start):
            kind = "strong"  # "API key: …"
        if kind is not None:
            yield Name(start, end, word.lower(), kind, word.isupper())


def _argument(text: str, name: Name) -> Iterator[Span]:
    """The value of an option: ``--password VALUE``, ``["--password", "VALUE"]``."""
    value = _OPTION_VALUE.match(text, name.end) if text.startswith("--", name.start) else None
    if value and not value["value"].isupper():  # --secret SECRET
        yield value.span("value")


def _values(text: str, name: Name, separator: re.Match[str]) -> Iterator[Span]:
    at, sign = separator.end(), separator["sign"] or ""
    if text.startswith(MASK, at):
        return
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        if text.startswith("--", name.start) and separator["sign"] == " ":
            yield from _argument(text, name)
        yield from _in_quotes(text, name, quoted, separator)
    elif name.kind == "header" and sign in (":", "="):
        yield from _header(text, name, at)
    elif (many := _LIST.match(text, at)) is not None:
        yield from _several(text, name, many, sign)
    elif separator["xml"]:
        yield from _element(text, name, at)
    elif sign.strip():
        yield from _plain(text, name, at)


def _in_quotes(text: str, name: Name, quoted: re.Match[str], separator: re.Match[str]) -> Iterator[Span]:
    """A quoted value; not what follows a quote that only ends a string: ``expect("Password:")``."""
    sign = (separator["sign"] or "").strip()
    if sign and quoted["value"][0] in _AFTER_STRING:
        return
    if not sign and name.kind == "weak":
        return
    if separator["tuple"] and not _is_pair(text, name, quoted):
        return
    if _is_secret(quoted["value"], name, is_certain=bool(sign) or bool(separator["tuple"])):
        yield quoted.span("value")
        further = _FURTHER.match(text, quoted.end())
        while further is not None:
            yield further.span("value")
            further = _FURTHER.match(text, further.end())


def _is_pair(text: str, name: Name, quoted: re.Match[str]) -> bool:
    """Whether a name and a value are all that their brackets hold: ``("password", "…")``."""
    if _PLACE_OF_ERROR.search(text, max(0, name.start - 20), name.start):
        return False
    return _OPEN_PAIR.search(text, max(0, name.start - 8), name.start) is not None and (
        quoted.end() + 1 >= len(text) or _END_OF_PAIR.match(text, quoted.end()) is not None
    )


def _header(text: str, name: Name, at: int) -> Iterator[Span]:
    """All of the line; of some schemes the parts are known that are secret."""
    if many := _LIST.match(text, at):
        yield from _items(many, "strong")
        return
    line = _LINE.match(text, at)
    if (
        line is None
        or len(line[0].strip()) < 4
        or is_code(line[0].strip(), name.word, is_constant=name.is_constant)
        or line[0].lower().startswith(("digest ", "oauth "))
    ):
        return
    yield at, at + len(line[0].rstrip())
    yield from _next_line(text, at + len(line[0].rstrip()), "")


def _next_line(text: str, end: int, word: str) -> Iterator[Span]:
    """The first word of the next line where a long line was wrapped between the two parts of a value."""
    follows = NEXT_LINE.match(text, end)
    if follows is not None and looks_random(word + follows["word"]):
        yield follows.span("word")


def _several(text: str, name: Name, many: re.Match[str], sign: str) -> Iterator[Span]:
    """The strings of a list or a dictionary; a password in braces, as ODBC has it."""
    braced = _BRACED.match(text, many.start())
    if braced and sign == "=" and name.kind == "strong" and not _ITEM.search(braced[0]):
        yield braced.span(1)
    elif name.word.endswith("s") or (name.kind == "strong" and many[0][0] == "["):
        kind: Kind = "strong" if "cookie" in name.word else name.kind
        yield from _items(many, kind)


def _items(found: re.Match[str], kind: Kind) -> Iterator[Span]:
    offset = found.start("items")
    for item in _ITEM.finditer(found["items"]):
        is_long = len(item["value"]) >= SHORT or is_telling(item["value"])
        if not item["value"].startswith(MASK) and (is_long if kind == "strong" else is_made_up(item["value"], kind)):
            yield offset + item.start("value"), offset + item.end("value")


def _element(text: str, name: Name, at: int) -> Iterator[Span]:
    found = _CONTENT.match(text, at)
    if found and _is_secret(found[0], name, is_certain="</" in text[found.end() : found.end() + 2]):
        yield found.span()


def _is_secret(value: str, name: Name, *, is_certain: bool) -> bool:
    """Whether a value whose borders are marked is one; ``is_certain``: it is the value of the name beyond doubt."""
    if value.startswith(MASK) or VARIABLE.fullmatch(value.strip()) or is_no_secret(value, name.word):
        return False
    if name.kind in ("strong", "header") and is_certain:
        return True
    return is_made_up(value, name.kind)


def _plain(text: str, name: Name, at: int) -> Iterator[Span]:
    """An unquoted value: one word, or the whole of a line that begins with its name."""
    word, line = _WORD.match(text, at), _LINE.match(text, at)
    if word is None or line is None or word[0].startswith((MASK, "|", ">")) or VARIABLE.match(word[0]):
        return
    if any(is_code(one, name.word, is_constant=name.is_constant) for one in (line[0].strip(), word[0])) or (
        name.word == "pwd" and word[0][0] == "/"
    ):
        return
    if name.kind != "strong":
        further = list(_next_line(text, word.end(), word[0])) if word[0].endswith("-") else []
        if further or is_made_up(word[0], name.kind):
            yield from [word.span(), *further]
        return
    rest = _REST.match(text, word.end())
    is_line = _begins_line(text, name.start) and not _GOES_ON.search(line[0])
    end = at + len(line[0].rstrip()) if is_line else rest.end() if rest else word.end()
    if not is_prose(text[at:end]):
        yield at, end


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but the margin of a log or a diff stands before the name on its line."""
    return _MARGIN.fullmatch(text[text.rfind("\n", 0, at) + 1 : at]) is not None
