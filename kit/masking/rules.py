"""Rules that tell a secret by its shape: data of gitleaks, whose version is pinned, and kit's own (``shapes``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from kit.masking.randomness import entropy

#: what stands for a secret that was masked
MASK = "***"

#: a part of a text: its first character, and the one after its last
Span = tuple[int, int]


class Hit(NamedTuple):
    """A secret that was found in a text. What tells it, its name or its host, reaches from ``since`` to ``until``."""

    start: int
    end: int
    since: int
    until: int


@dataclass(frozen=True)
class SecretRule:
    """A secret's shape. The pattern runs only on a text that holds one of the ``keywords`` (in lower case).

    ``group`` is the group that is the secret; 0: the first that matched, else the whole. What has less ``entropy``
    (bits a character) is an example and not a secret. ``is_whole``: the shape is that of one unbroken word, so that it
    is also searched for across line breaks. ``is_certain``: an output that still shows it is not published.
    """

    id: str
    keywords: tuple[str, ...]
    pattern: str
    group: int = 0
    entropy: float = 0.0
    flags: int = 0
    is_whole: bool = True
    is_certain: bool = True

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern, compiled when it is needed first: there are hundreds."""
        return re.compile(self.pattern, self.flags)

    def hits(self, text: str) -> Iterator[Hit]:
        """Where secrets of this shape stand in ``text``."""
        for found in self.regex.finditer(text):
            group = self.group or next((number for number, one in enumerate(found.groups(), 1) if one), 0)
            if LONG_WORD in self.keywords and _is_checksum(text, found.start(group)):
                continue
            if not self.entropy or entropy(found[group]) >= self.entropy:
                yield Hit(*found.span(group), *found.span())


#: stands for a keyword: the rule is about texts with a word as long as most tokens
LONG_WORD = ""
_LONG = re.compile(r"[A-Za-z0-9]{32}|[A-Za-z0-9+/]{60}")

#: what lock files and pages call the integrity of a file: everybody can compute it
_CHECKSUM = re.compile(
    r"(?<![A-Za-z0-9])sha(?:1-[\w+/]{27}=|256-[\w+/]{43}=|384-[\w+/]{64}|512-[\w+/]{86}==)(?![\w+/=])", re.ASCII
)
_LONGEST_CHECKSUM = 95

#: how the words of a text begin; most keywords begin a word
_BEGINNING = re.compile(r"(?<![a-z0-9])[a-z0-9][a-z0-9.]")


def _is_checksum(text: str, at: int) -> bool:
    """Whether a place lies in a checksum."""
    found = _CHECKSUM.finditer(text, max(0, at - _LONGEST_CHECKSUM), at + _LONGEST_CHECKSUM)
    return any(one.start() <= at < one.end() for one in found)


class RuleSet:
    """Rules that are looked up by the words of a text: hundreds of keywords, of which a text holds few."""

    def __init__(self, rules: Iterable[SecretRule]) -> None:
        """Take the rules; each has at least one keyword."""
        self._by_keyword: dict[str, list[SecretRule]] = {}
        for rule in rules:
            for keyword in rule.keywords:
                self._by_keyword.setdefault(keyword, []).append(rule)
        self._about_long_words = self._by_keyword.pop(LONG_WORD, [])
        self._by_beginning: dict[str, list[str]] = {}
        for keyword in self._by_keyword:
            beginning = keyword[:2] if _BEGINNING.match(keyword) else ""
            self._by_beginning.setdefault(beginning, []).append(keyword)

    def about(self, text: str) -> list[SecretRule]:
        """The rules whose keywords stand in ``text``."""
        lowered = text.lower()
        beginnings = self._by_beginning.keys() & {*_BEGINNING.findall(lowered), ""}
        found = [keyword for beginning in beginnings for keyword in self._by_beginning[beginning] if keyword in lowered]
        rules = {rule.id: rule for keyword in found for rule in self._by_keyword[keyword]}
        if self._about_long_words and max(map(len, text.split()), default=0) >= 32 and _LONG.search(text):
            rules.update((rule.id, rule) for rule in self._about_long_words)
        return list(rules.values())


@lru_cache(maxsize=1)
def gitleaks_rules() -> tuple[SecretRule, ...]:
    """The rules of gitleaks; ``tests/bench/gitleaks_rules.py`` makes the file from a release."""
    data = json.loads(Path(__file__).with_name("gitleaks.json").read_bytes())
    return tuple(
        SecretRule(
            rule["id"],
            tuple(rule["keywords"]),
            rule["pattern"],
            rule["group"],
            rule["entropy"],
            is_whole="[\\s'\"]" not in rule["pattern"],
        )
        for rule in data["rules"]
    )
