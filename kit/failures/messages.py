"""What a message wraps: rules that take one layer off a message, applied until none fits.

Libraries put errors into texts: SQLAlchemy the driver's error with the statement, a mapper's first error into every
later one, pytest a traceback into a collection error. A rule gives the text that lies beneath, the type of the error
when the text names it, and whether the text is only a *follow-on* of an error that another test showed first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class UnwrappedMessage:
    """What lay beneath a message. ``exception`` is a qualified type where the text names one."""

    message: str
    exception: str | None = None
    follow_on: bool = False


@dataclass(frozen=True)
class MessageRule:
    """``name`` says in words what it takes off; ``unwrap`` gives ``None`` where it does not apply.

    ``hint`` is in every text that it applies to: most texts lack most hints, and are then not searched.
    """

    name: str
    hint: str
    unwrap: Callable[[str], UnwrappedMessage | None]


@dataclass(frozen=True)
class Unwrapped:
    """The innermost text of a message, and the names of the rules that led there."""

    message: str
    exception: str | None
    follow_on: bool
    rules: tuple[str, ...]


_BACKGROUND = re.compile(
    r"\s*\(Background on (?:this error|SQLAlchemy 2\.0) at: [^)]*\)"
    r"|\s*For (?:further information visit|more information check:) \S+"
)
_STATEMENT = re.compile(r"\s*\n\[(?:SQL|parameters): .*", re.DOTALL)
_DRIVER = re.compile(r"^\((?P<type>[A-Za-z_][\w.]*\.[A-Za-z_]\w*)\) (?P<rest>.*)", re.DOTALL)
_ASYNC_DRIVER = re.compile(r"^<class '(?P<type>[\w.]+)'>: (?P<rest>.*)", re.DOTALL)
_AUTOFLUSH = re.compile(r"^\(raised as a result of Query-invoked autoflush[^)]*\)\s*")
_ORIGINAL = re.compile(
    r"^(?:One or more mappers failed to initialize|This Session's transaction has been rolled back).*?"
    r"Original exception was: (?P<rest>.+)",
    re.DOTALL,
)
_LOOKUP = re.compile(r"^\('(?P<fixture>[^']+)', <(?:SubRequest '(?P<within>[^']+)'|\w*Request\b)")
_FIXTURE = re.compile(
    r"^(?:.*\n)*?.*?(?P<rest>fixture '[^']+' not found|recursive dependency involving fixture '[^']+')"
)
_FIXTURE_LIST = re.compile(r"\n.*available fixtures: ")
_ASYNC_FIXTURE = re.compile(
    r"^'[^']+' (?P<rest>requested an async fixture '[^']+', with no plugin or hook that handled it)"
)
_TRACEBACK = re.compile(r"^(?:ImportError while (?:importing test module|loading conftest)|Error while loading plugin)")
_RAISED_LINE = re.compile(r"^E {3,}(?P<type>[A-Za-z_][\w.]*): (?P<rest>.+)$", re.MULTILINE)
_CONFTEST = re.compile(r"^(?P<type>[A-Za-z_]\w*): (?P<rest>.+) \(from \S*conftest\.py\)$", re.DOTALL)
_PYDANTIC = re.compile(r"\[type=(?P<kind>[\w.]+), input_value=.{0,400}?, input_type=(?P<given>\w+)\]", re.DOTALL)


def _cut(pattern: re.Pattern[str]) -> Callable[[str], UnwrappedMessage | None]:
    """A rule that takes away every match of ``pattern``."""

    def unwrap(text: str) -> UnwrappedMessage | None:
        rest = pattern.sub("", text)
        return UnwrappedMessage(rest) if rest != text and rest.strip() else None

    return unwrap


def _typed(pattern: re.Pattern[str]) -> Callable[[str], UnwrappedMessage | None]:
    """A rule whose ``pattern`` finds the type and the text beneath."""

    def unwrap(text: str) -> UnwrappedMessage | None:
        found = pattern.match(text)
        return UnwrappedMessage(found["rest"], found["type"]) if found else None

    return unwrap


def _original(text: str) -> UnwrappedMessage | None:
    found = _ORIGINAL.match(text)
    return UnwrappedMessage(found["rest"], follow_on=True) if found else None


def _fixture_lookup(text: str) -> UnwrappedMessage | None:
    # str() of pytest's error is the pair of its arguments: the fixture and who asked for it
    if found := _LOOKUP.match(text):
        if found["fixture"] == found["within"]:
            return UnwrappedMessage(f"recursive dependency involving fixture '{found['fixture']}'")
        return UnwrappedMessage(f"fixture '{found['fixture']}' not found")
    if _FIXTURE_LIST.search(text) and (found := _FIXTURE.match(text)):
        return UnwrappedMessage(found["rest"])
    return None


def _async_fixture(text: str) -> UnwrappedMessage | None:
    found = _ASYNC_FIXTURE.match(text)
    return UnwrappedMessage(found["rest"]) if found else None


def _import_traceback(text: str) -> UnwrappedMessage | None:
    if not _TRACEBACK.match(text):
        return None
    raised = list(_RAISED_LINE.finditer(text))
    return UnwrappedMessage(raised[-1]["rest"], raised[-1]["type"]) if raised else None


def _pydantic(text: str) -> UnwrappedMessage | None:
    rest = _PYDANTIC.sub(r"[type=\g<kind>, input_type=\g<given>]", text)
    return UnwrappedMessage(rest) if rest != text else None


RULES: tuple[MessageRule, ...] = (
    MessageRule("statement and parameters taken off", "\n[", _cut(_STATEMENT)),
    MessageRule("links to background taken off", "https://", _cut(_BACKGROUND)),
    MessageRule("raised by an autoflush", "autoflush", _cut(_AUTOFLUSH)),
    MessageRule("follow-on: its original exception", "Original exception was: ", _original),
    MessageRule("the driver's own error", ") ", _typed(_DRIVER)),
    MessageRule("the asynchronous driver's own error", "<class '", _typed(_ASYNC_DRIVER)),
    MessageRule("the fixture that pytest looked for", "'", _fixture_lookup),
    MessageRule("the asynchronous fixture that a test asked for", "requested an async fixture ", _async_fixture),
    MessageRule("the import error in pytest's text", "rror while ", _import_traceback),
    MessageRule("the error in conftest.py", "conftest.py)", _typed(_CONFTEST)),
    MessageRule("the values that were validated taken off", "input_value=", _pydantic),
)


def unwrap_message(text: str) -> Unwrapped:
    """Apply the rules until none fits. Each step makes the text shorter, so this ends."""
    exception: str | None = None
    follow_on = False
    names: list[str] = []
    while step := _first_layer(text):
        name, layer = step
        names.append(name)
        text, exception, follow_on = layer.message, layer.exception or exception, follow_on or layer.follow_on
    return Unwrapped(text.strip(), exception, follow_on, tuple(names))


def _first_layer(text: str) -> tuple[str, UnwrappedMessage] | None:
    for rule in RULES:
        if rule.hint in text and (layer := rule.unwrap(text)):
            return rule.name, layer
    return None
