"""Messages that are nearly equal: the same words around data of another amount or form.

After parameterising, ``1 row is locked`` and ``2 rows are locked``, or two orders of one set, are still two messages.
They are one only where every word is the same: what differs in a word may be a name, and two names are two causes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from kit.failures.parameterise import PLACEHOLDER
from kit.failures.signature import GroupKey

#: of 100, for messages of the same words: what is left to differ is punctuation and the placeholders of data
_ALIKE = 85
_SET = re.compile(r"\{(?P<items>'[^'{}]*'(?:, '[^'{}]*')+)\}")
_SHORT_HASH = re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,31}\b")
_RUN = re.compile(r"(?P<one>'?<\w+>'?)(?:, (?P=one))+")
_PLURAL = re.compile(r"<int>(?P<noun>(?: [a-z]+){0,2}? [a-z]{2,}[a-rt-z])s(?![\w'\".])")
_VERB = re.compile(r"(?<=<int>) (?:are|was|were)\b|(?P<noun>(?<=<int>)(?: [a-z]+){1,2}) (?:are|was|were)\b")
#: operators say something too: ``must be > 3`` is not ``must be < 3``
_WORD = re.compile(r"\w+|[<>=!+*/%&|^~]+")


def leaders(keys: Iterable[GroupKey]) -> dict[GroupKey, GroupKey]:
    """Each key with the one that stands for all that are near-equal to it; most stand for themselves.

    Keys of another type, phase or place are never near. The answer does not depend on the order of ``keys``.
    """
    alike: dict[tuple[str, str, str, str, tuple[str, ...]], list[GroupKey]] = defaultdict(list)
    for key in set(keys):
        alike[key.exception, key.phase, key.where, key.when, _words(_plain(key.message))].append(key)
    return {key: leader for bucket in alike.values() for key, leader in _lead(bucket)}


def _lead(keys: Sequence[GroupKey]) -> Iterator[tuple[GroupKey, GroupKey]]:
    if len(keys) == 1:  # as a rule: then nothing is compared
        yield keys[0], keys[0]
        return
    from rapidfuzz import fuzz  # it takes a while to import

    leading: dict[GroupKey, str] = {}
    for key in sorted(keys, key=lambda key: (len(key.message), key.message)):
        text = _plain(key.message)
        near = (other for other, told in leading.items() if fuzz.ratio(text, told, score_cutoff=_ALIKE))
        leader = next(near, key)
        leading.setdefault(leader, text)
        yield key, leader


def _plain(message: str) -> str:
    """The message with one form for what is the same data in another amount, order or form."""
    text = message.replace("<float>", "<int>")
    text = _SET.sub(lambda found: "{" + ", ".join(sorted(found["items"].split(", "))) + "}", text)
    text = _SHORT_HASH.sub("<hex>", text)
    text = _RUN.sub(r"\g<one>", text)
    text = _PLURAL.sub(r"<int>\g<noun>", text)
    return _VERB.sub(lambda found: f"{found['noun'] or ''} is", text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(PLACEHOLDER.sub(" ", text)))
