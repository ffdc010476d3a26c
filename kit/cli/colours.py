"""Colours on a terminal: kit's own marks, which the guard of the output turns into escape sequences, and its verdicts.

The guard makes every escape sequence visible, so that nothing of the target moves a terminal. A mark is a
Unicode noncharacter, and stands for one of these few colours: a target that prints it can at most colour its own text.
"""

from __future__ import annotations

import os
import re
from typing import Literal, TextIO

Colour = Literal["green", "yellow", "red", "grey"]

_CODES: dict[Colour, int] = {"green": 32, "yellow": 33, "red": 31, "grey": 90}
_MARKS = {colour: chr(0xFDD0 + at) for at, colour in enumerate(_CODES)}
_END = chr(0xFDD0 + len(_CODES))
_SEQUENCES = {mark: f"\x1b[{_CODES[colour]}m" for colour, mark in _MARKS.items()} | {_END: "\x1b[0m"}

#: what a line of any command begins with, and its colour
_VERDICTS: dict[str, Colour] = {
    "CLEAR": "green",
    "RESOLVED": "green",
    "CAUSE FOUND": "red",
    "NOT RESOLVED": "red",
    "PARTLY RESOLVED": "yellow",
    "UNEXPLAINED": "red",
    "WORSE": "red",
    "blocks now": "red",
    "FIX MEASURED": "yellow",
    "INCOMPLETE": "yellow",
    "UNCHANGED": "yellow",
    "UNKNOWN": "yellow",
    "blocks when": "yellow",
    "blocks modules": "yellow",
    "kit:": "grey",
    "warning:": "yellow",
}
_VERDICT = re.compile(rf"^(?:{'|'.join(map(re.escape, _VERDICTS))})(?=[:\s]|(?<=:))", re.MULTILINE)

#: the counts of a run: ``5,072 collected = 1,413 passed + 34 failed``
_COUNTED = re.compile(r"^\d[\d,]* collected = .*", re.MULTILINE)
_COUNT = re.compile(r"\d[\d,]* (?P<outcome>passed|failed|error|timed out|crashed|not run)")
_OUTCOMES: dict[str, Colour] = {"passed": "green", "not run": "yellow"}

_ANY = re.compile(f"[{''.join(_SEQUENCES)}]")


def painted(text: str, colour: Colour) -> str:
    """The text in a colour, where it is printed on a terminal that shows colours; elsewhere the text alone."""
    return f"{_MARKS[colour]}{text}{_END}"


def with_colours(text: str, stream: TextIO) -> str:
    """The text with its marks as escape sequences and its verdicts in colours, or without: see https://no-color.org."""
    shows = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    if shows:
        text = _VERDICT.sub(lambda found: painted(found.group(), _VERDICTS[found.group()]), text)
        text = _COUNTED.sub(lambda line: _COUNT.sub(_counted, line.group()), text)
    return _ANY.sub(lambda found: _SEQUENCES[found.group()] if shows else "", text)


def _counted(found: re.Match[str]) -> str:
    return painted(found.group(), _OUTCOMES.get(found["outcome"], "red"))
