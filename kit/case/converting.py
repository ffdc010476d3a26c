"""Converts values from a command line, a notebook, a YAML file or Python into what a parameter needs."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from kit.facts.errors import UsageError
from kit.facts.parameters import RUN_PARAMETERS, Kind, Parameter
from kit.facts.spelling import did_you_mean

_YES, _NO = {"true", "yes", "1"}, {"false", "no", "0"}


class _UnusableError(Exception):
    """A value that cannot be converted; the text says what was expected."""


def converted(parameter: Parameter, value: object) -> Any:
    """``value`` as the parameter needs it; ``None`` is its default.

    Raises :class:`UsageError` that names the parameter and the value.
    """
    if value is None:
        return parameter.default
    try:
        return _CONVERSIONS[parameter.kind](value)
    except _UnusableError as error:
        raise UsageError(f"{parameter.name} takes {error}, not {_shown(value)}.") from None


def run_values(values: Mapping[str, object]) -> dict[str, Any]:
    """The values of the table ``run``, converted; those that are empty are left out.

    Raises :class:`UsageError` for a name that is unknown and a value that cannot be used.
    """
    known = {parameter.name: parameter for parameter in RUN_PARAMETERS}
    for name in values:
        if name not in known:
            raise UsageError(f'There is no option "{name}" for a run{did_you_mean(str(name), known)}')
    given = {name: value for name, value in values.items() if value not in (None, "", {})}
    return {name: converted(known[name], value) for name, value in given.items()}


def _text(value: object) -> str:
    if isinstance(value, str | os.PathLike):
        return os.fspath(value)
    if isinstance(value, int | float) and not isinstance(value, bool):  # papermill makes numbers of what looks so
        return str(value)
    raise _UnusableError("a text")


def _texts(value: object) -> tuple[str, ...]:
    literal = _literal(value) if isinstance(value, str) and value.lstrip().startswith("[") else None
    several = literal if isinstance(literal, list) else value
    if several == "":
        return ()
    if isinstance(several, list | tuple | set | frozenset):
        with suppress(_UnusableError):
            return tuple(_text(one) for one in several)
        raise _UnusableError("a list of texts")
    try:
        return (_text(several),)
    except _UnusableError:
        raise _UnusableError("a list of texts") from None


def _number(value: object) -> float:
    with suppress(ValueError):
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return float(value)
    raise _UnusableError("a number")


def _whole(value: object) -> int:
    with suppress(_UnusableError, ValueError, OverflowError):
        number = _number(value)
        if number == int(number):
            return int(number)
    raise _UnusableError("a whole number")


def _flag(value: object) -> bool:
    word = str(value).lower()
    if word in _YES | _NO:
        return word in _YES
    raise _UnusableError("True or False")


def _limits(value: object) -> dict[str, float]:
    with suppress(_UnusableError):
        return {_text(pattern): _number(seconds) for pattern, seconds in _table(value).items()}
    raise _UnusableError('patterns with seconds, such as {"tests/slow/*": 120}')


def _table(value: object) -> dict[Any, Any]:
    table = _literal(value) if isinstance(value, str) else value
    if isinstance(table, Mapping):
        return dict(table)
    raise _UnusableError('a table, such as {"isolation": "process"}')


def _literal(text: str) -> object:
    """What the text says in JSON or in Python."""
    for read in (json.loads, ast.literal_eval):
        with suppress(ValueError, SyntaxError):
            return read(text)
    return None


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


_CONVERSIONS: dict[Kind, Callable[[object], Any]] = {
    "text": _text,
    "texts": _texts,
    "number": _number,
    "whole": _whole,
    "flag": _flag,
    "limits": _limits,
    "table": _table,
}
