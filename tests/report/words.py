"""Checks each number in the words of a report: by a rule that knows it from the facts, or by a reason why it is none.

A number in the prose, in a table, in a chart or in the description of one is found wrong where a rule knows another
one, and found unknown where no rule, no text of the facts and no entry of ``NOT_MEASURED`` stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

#: numbers in the words of a report that are not measured, each with what it is
NOT_MEASURED = {
    "the name of a fix": r"\b[Ff]ix(?:es)? \d+(?: (?:to|and) \d+)?",
    "where an entry of a list begins": r"^\d+\. |(?:[|] |\W )\d+\. (?=[A-Z])",
    "a place, also where a picture shortens its path": r"[\w./…-]+\.py:\d+|◆:\d+(?:, :\d+)*|(?<!\w):\d+\b",
    "a date": r"\b\d{1,2} [A-Z][a-z]+ \d{4}(?:, \d\d:\d\d UTC)?",
    "an instant": r"\b\d{4}-\d\d-\d\d[ T][\d:]+Z?",
    "a version": r"\b(?:Python|SQLAlchemy|pytest|incident-kit) \d[\w.]*|^\d+\.\d+(?:\.\d+)*\w*$",
    "a name with a digit in it": r"\b(?:UTF-8|HTTP/\d|ISO \d+|SHA-\d+)\b|\b[A-Za-z_][\w.]*\d[\w.]*",
    "a status of HTTP": r"\banswers with [1-5]\d\d\b|\([1-5]\d\d(?:, [1-5]\d\d)*\)",
    "a revision": r"\b(?=[0-9]*[a-f])[0-9a-f]{7,40}\b",
    "a link": r"https?://\S+",
    "a setting of the target, quoted": r"^-*[\w-]+ ?= ?\d+ \(.*$",
    "how much of a list is left out": r"\b\d[\d,]* more (?:lines?|rows?|places?|files?|frames?)\b",
    "how much of a picture is left out": r"(?:…|and) \d+ more\b",
    "how many frames a traceback folds": r"\b\d+ library frames?\b|\b\d+ frames? left out",
    "how many entries the section has": r"^\d+ (?:commands?|stages?|moments? of the run)$",
    "how many entries a part of it has": r"\b\d+ (?:measures?|patterns?|guards? to paste)\b",
}
_OTHERS = re.compile("|".join(f"(?:{one})" for one in NOT_MEASURED.values()))
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
#: what stands for a number, a duration and a share in the pattern of a rule
_PARTS = {
    "<n>": r"(?<![\d,.])(\d{1,3}(?:,\d{3})+|\d+)",
    "<d>": r"(\d[\d.]* ms|(?:\d+ h )?(?:\d+ min )?\d[\d.]* s|\d+ h \d\d min)",
    "<%>": r"([<>]? ?\d+\.\d %|\N{EN DASH})",
}


@dataclass(frozen=True)
class Rule:
    """Where a sentence has numbers, and what they can be: a tuple for each reading of the sentence."""

    pattern: str
    known: frozenset[tuple[str | None, ...]]

    def regex(self) -> re.Pattern[str]:
        """The pattern with its short forms written out."""
        text = self.pattern
        for short, full in _PARTS.items():
            text = text.replace(short, full)
        return re.compile(text)


def rule(pattern: str, *known: Iterable[object] | object) -> Rule:
    """A rule; a single value stands for a tuple of one. Whole numbers are written with commas."""
    return Rule(pattern, frozenset(_told(one) for one in known))


def _told(value: object) -> tuple[str | None, ...]:
    values = value if isinstance(value, tuple | list) else (value,)
    return tuple(f"{one:,}" if isinstance(one, int) else None if one is None else str(one) for one in values)


def findings(blocks: Iterable[str], rules: Iterable[Rule], facts: Iterable[str]) -> Iterator[str]:
    """What is wrong with the numbers of the blocks, a sentence each."""
    compiled = [(one.regex(), one.known) for one in rules]
    known = Facts(facts)
    for block in dict.fromkeys(blocks):
        if not _NUMBER.search(block):
            continue
        right = [found.span() for found in _OTHERS.finditer(block)] + list(known.spans(block))
        wrong: dict[tuple[int, int], str] = {}
        for regex, readings in compiled:
            for found in regex.finditer(block):
                spans = [found.span(at) for at in range(1, len(found.groups()) + 1)]
                if found.groups() in readings:
                    right += spans
                else:
                    wrong |= dict.fromkeys(spans, f"known by “{regex.pattern[:60]}”: {sorted(map(str, readings))[:5]}")
        for number in _NUMBER.finditer(block):
            if not _within(number.span(), right):
                why = next((why for span, why in wrong.items() if _within(number.span(), [span])), "no rule knows it")
                yield f"{number[0]} in “{block[:300]}”: {why}"


def _within(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in others)


class Facts:
    """Texts that are facts themselves, and hold numbers; a text stands in a block as it is, or cut with an ellipsis."""

    def __init__(self, texts: Iterable[str]) -> None:
        written = {" ".join(one.split()) for one in texts}
        self._texts = sorted((one for one in written if len(one) > 5 and _NUMBER.search(one)), key=len, reverse=True)

    def spans(self, block: str) -> Iterator[tuple[int, int]]:
        """Where such texts stand in a block."""
        for text in self._texts:
            at = block.find(text)
            while at >= 0:
                yield at, at + len(text)
                at = block.find(text, at + 1)
            if "…" in block and len(text) > 40 and (at := block.find(text[:40])) >= 0:
                end = block.find("…", at)
                if text.startswith(block[at:end].rstrip()):
                    yield at, end


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value of JSON, and what stands behind the first colon of it."""
    if isinstance(value, str):
        yield value
        yield value.partition(": ")[2]
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
