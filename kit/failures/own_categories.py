"""A user's own categories, from a TOML file with one table a category::

    [[category]]
    key = "billing-sandbox"
    title = "Billing sandbox"
    meaning = "The sandbox of the billing provider refuses the call."
    advice = "Ask for a new sandbox key."
    documentation = "https://wiki.example.com/billing"   # may be left out
    before = "network"                                   # asked before this built-in one; left out: before all
    exception = ["BillingError"]                         # bare, or with its module
    message = ["sandbox (expired|locked)"]               # regular expressions, searched in the root's message
    path = ["app/billing/*"]                             # globs of the target's files in the traceback; * spans folders

Of ``exception``, ``message`` and ``path`` at least one is given; each may be one string or several, of which one must
fit; all that are given must hold.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

import msgspec

from kit.facts.errors import UsageError
from kit.facts.spelling import texts
from kit.failures.categories import rules
from kit.failures.rule import Predicate, Rule, all_of, exception, message

_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Patterns = _Text | Annotated[list[_Text], msgspec.Meta(min_length=1)]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
    title: _Text
    meaning: _Text
    advice: _Text
    documentation: _Text | None = None
    example: str = ""
    before: str | None = None
    exception: _Patterns | None = None
    message: _Patterns | None = None
    path: _Patterns | None = None


def load_categories(path: str | Path) -> tuple[Rule, ...]:
    """Read the file; the rules are in its order. Raises :class:`UsageError` that says which entry is wrong, and how."""
    file = Path(path)
    found: list[Rule] = []
    for number, entry in enumerate(_tables(file), start=1):
        key = entry.get("key") if isinstance(entry, Mapping) else None
        name = f'{file}: category {number} ("{key}")' if isinstance(key, str) else f"{file}: category {number}"
        found.append(_rule(entry, name, [*rules(), *found]))
    return tuple(found)


def _tables(file: Path) -> Sequence[Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: the file of categories cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{file}: the file of categories is not valid TOML: {error}") from error
    if unknown := sorted(content.keys() - {"category"}):
        raise UsageError(f'{file}: "{unknown[0]}" is unknown here; each category is a table [[category]]')
    tables = content.get("category")
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{file}: it has no category; each is a table [[category]]")
    return tables


def _rule(table: object, name: str, known: Sequence[Rule]) -> Rule:
    try:
        entry = msgspec.convert(table, _Entry)
    except msgspec.ValidationError as error:
        raise UsageError(f"{name}: {error}") from error
    if any(rule.key == entry.key for rule in known):
        raise UsageError(f'{name}: the key "{entry.key}" is taken by another category')
    return Rule(
        rank=_rank(entry.before, name),
        key=entry.key,
        title=entry.title,
        meaning=entry.meaning,
        advice=entry.advice,
        example=entry.example,
        matches=_predicate(entry, name),
        documentation=entry.documentation,
        before=entry.before,
    )


def _rank(before: str | None, name: str) -> int:
    if before is None:
        return 0
    rank = next((rule.rank for rule in rules() if rule.key == before), None)
    if rank is None:
        raise UsageError(f'{name}: before = "{before}" names no built-in category')
    return rank


def _predicate(entry: _Entry, name: str) -> Predicate:
    predicates: list[Predicate] = []
    if entry.exception is not None:
        predicates.append(exception(*texts(entry.exception)))
    if entry.message is not None:
        patterns = texts(entry.message)
        for pattern in patterns:
            _check_regex(pattern, name)
        predicates.append(message(*patterns))
    if entry.path is not None:
        predicates.append(_touches(texts(entry.path)))
    if not predicates:
        raise UsageError(f"{name}: it needs an exception, a message or a path to tell its failures by")
    return all_of(*predicates)


def _check_regex(pattern: str, name: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise UsageError(f'{name}: message = "{pattern}" is not a valid regular expression: {error}') from error


def _touches(globs: Sequence[str]) -> Predicate:
    """A frame of the chain lies in a file of the target that one of the globs fits."""
    return lambda symptom: any(
        fnmatchcase(frame.path, glob)
        for info in symptom.chain
        for frame in info.frames
        if frame.owner != "library"
        for glob in globs
    )
