"""Text and code as GitHub's Markdown shows them: nothing that comes from the target is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from kit.facts.wording import counted
from kit.masking import visible

if TYPE_CHECKING:  # a run in which nothing fails needs no class of a cause
    from kit.facts.causes import Excerpt
    from kit.facts.places import Location

#: what begins markup inside of a line: an underscore does so only where a word begins or ends
_SPECIAL = re.compile(r"([\\`*\[\]<|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))")
#: what begins a heading, a quotation, a list or a rule
_AT_START = re.compile(r"^(?:(\d+)([.)])(?=\s|$)|()([-+=>#]))")


def plain(value: object) -> str:
    """Text that Markdown shows as it is, on one line: nothing in it is markup."""
    if isinstance(value, Markup):
        return value
    line = " ".join(visible(str(value)).split())
    return _AT_START.sub(r"\1\3\\\2\4", _SPECIAL.sub(r"\\\1", line))


def code(value: object) -> Markup:
    """Text as a span of code; in a table :func:`cell_code` is right."""
    text = " ".join(visible(str(value)).split())
    if not text:
        return Markup()
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence, room = "`" * (longest + 1), " " if longest else ""
    return Markup(f"{fence}{room}{text}{room}{fence}")  # noqa: S704  # Markdown, not HTML


def code_list(values: Iterable[object]) -> Markup:
    """Several texts as spans of code."""
    return Markup(", ").join(map(code, values))


def cell_code(value: object) -> Markup:
    """Text as a span of code in a table: there alone a ``|`` needs a backslash, also within code."""
    return Markup(code(value).replace("|", "\\|"))  # noqa: S704  # Markdown, not HTML


def spans(value: str) -> Markup:
    """Text of kit's own in which code stands between backticks."""
    parts = (code(part) if at % 2 else _with_ends(part) for at, part in enumerate(value.split("`")))
    return Markup("".join(parts))  # noqa: S704  # Markdown


def _with_ends(part: str) -> str:
    """A part of a line: the white space at its ends separates it from what stands beside it."""
    words = plain(part)
    return f"{' ' * part[:1].isspace()}{words}{' ' * part[-1:].isspace()}" if words else " " * bool(part)


def place(value: Location) -> Markup:
    """``path:line`` as code."""
    return code(f"{value.path}:{value.line}")


def cell_place(value: Location) -> Markup:
    """``path:line`` as code in a table."""
    return cell_code(f"{value.path}:{value.line}")


def rest(items: Sequence[object], shown: int) -> Markup:
    """How many of the items are left out, on a line of its own; nothing where none is."""
    left = len(items) - shown
    return Markup(f"\n\n{counted(left, 'more row')} in `incident.json`.\n") if left > 0 else Markup()  # noqa: S704


def fenced(value: object, language: str = "") -> Markup:
    """Lines as a block of code."""
    text = visible(str(value)).strip("\n")
    fence = "`" * max(3, max(map(len, re.findall(r"`+", text)), default=0) + 1)
    return Markup(f"{fence}{language}\n{text}\n{fence}")  # noqa: S704  # Markdown, not HTML


def excerpt(value: Excerpt) -> Markup:
    """The lines of an excerpt with their numbers; an arrow stands before those that matter."""
    lines = [f"{'>' if marked else ' '} {number:>4} | {line}" for number, line, marked in value.numbered]
    return fenced("\n".join([f"# {value.path}", *lines]), "python")
