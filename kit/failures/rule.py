"""A category's rule, and the words that predicates are made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kit.facts.failures import Category
from kit.failures.symptom import Symptom

Predicate = Callable[[Symptom], bool]


@dataclass(frozen=True)
class Rule:
    """One category. Rules are tried in the order of ``rank``; the first whose ``matches`` holds gets the failure.

    ``before`` is the key of the built-in category that a user's own one is tried before (``None``: before all).
    ``example`` is a message that belongs here. The other texts are shown to people: see
    :class:`kit.facts.failures.Category`.
    """

    rank: int
    key: str
    title: str
    meaning: str
    advice: str
    example: str
    matches: Predicate
    documentation: str | None = None
    before: str | None = None

    @property
    def category(self) -> Category:
        """The category as a fact."""
        return Category(self.key, self.title, self.meaning, self.advice, self.documentation)


def message(*patterns: str) -> Predicate:
    """The root's message has a match of one of these regular expressions."""
    regex = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    return lambda symptom: regex.search(symptom.message) is not None


def exception(*names: str) -> Predicate:
    """The root's type is one of these: bare (``"KeyError"``) or with its module (``"sqlite3.OperationalError"``)."""
    wanted = frozenset(names)
    return lambda symptom: symptom.root.type in wanted or symptom.root.qualified in wanted


def anywhere(*patterns: str) -> Predicate:
    """The message of any exception of the chain has a match, the wrapping ones included."""
    regex = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    return lambda symptom: any(regex.search(info.message) for info in symptom.chain)


def in_chain(*names: str) -> Predicate:
    """Any exception of the chain has one of these types, bare or with its module."""
    wanted = frozenset(names)
    return lambda symptom: any(info.type in wanted or f"{info.module}.{info.type}" in wanted for info in symptom.chain)


def module(prefix: str) -> Predicate:
    """The root's type is defined in this package."""
    return lambda symptom: symptom.root.module == prefix or symptom.root.module.startswith(f"{prefix}.")


def kind(*kinds: str) -> Predicate:
    """The outcome is one of these (see :data:`kit.failures.symptom.Kind`)."""
    return lambda symptom: symptom.kind in kinds


def passes_through(*paths: str) -> Predicate:
    """The root's traceback goes through a file whose path ends like one of these."""
    return lambda symptom: any(frame.path.endswith(paths) for frame in symptom.root.frames)


def any_of(*predicates: Predicate) -> Predicate:
    """At least one holds."""
    return lambda symptom: any(predicate(symptom) for predicate in predicates)


def all_of(*predicates: Predicate) -> Predicate:
    """All hold."""
    return lambda symptom: all(predicate(symptom) for predicate in predicates)
