"""How random a word looks: it tells what a machine has generated from what a person writes."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log2
from string import ascii_lowercase
from typing import Final

from kit.masking.patterns import late

_LETTERS = late(r"[A-Za-z]+")
#: an identifier in camel case or with underscores: its parts are words
_PART = late(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

#: a part of this many letters without a vowel, or with this many consonants in a row, is not a word
_UNSPEAKABLE = late(r"[bcdfghjklmnpqrstvwxz]{6,}", re.IGNORECASE)

#: the letters that hardly follow "a", those that hardly follow "b" and so on: each pair is less than 2 in 10,000 of
#: the pairs in 44,600 words of source code
_HARDLY_FOLLOW: Final = (
    "ehjoqz fghkmnqvwxz bgjnqvwxz hjkqvwxz jz bcghjkmpqvwxz bcdfjkpqvwxyz bcdfghjklnpqvwxz hijqwy "
    "bcdfghijklmnpqrtvwxyz bcdfghjkmnopqrtvwxyz ghjknqrwxz cfghjkqrvwxz jqwxz hjqyz bgjkmnqvwxz "
    "abcdefghijkmnopqrstvwxyz hjqwxz bgjvxz gjkqvx hjkquvwxyz bcdfghjklmnpqrtuvwxyz bcdfgjklmpqtuvwxyz "
    "abdfghjklnoqrsuvwxyz bfghjkoqruvwxyz bcdfghjklmnpqrstuvwxyz"
)
_RARE: Final = frozenset(
    first + second
    for first, following in zip(ascii_lowercase, _HARDLY_FOLLOW.split(), strict=True)
    for second in following
)


def entropy(word: str) -> float:
    """Shannon entropy in bits a character."""
    size = len(word)
    return -sum(count / size * log2(count / size) for count in Counter(word).values()) if size else 0.0


def looks_random(word: str) -> bool:
    """Whether a word of at least 8 characters was made by a machine, or as a password: digits between letters, capitals
    within words, or letters that nobody can say.
    """
    if len(word) < 8:
        return False
    changes = sum(_kind(one) != _kind(other) for one, other in pairwise(word))
    if any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word):
        return changes >= max(3, len(word) // 6)
    return bool(_UNSPEAKABLE.search(word)) or _mixes_capitals(word) or _has_rare_pairs(word)


def is_telling(word: str) -> bool:
    """Whether a part of a secret, as short as this, would be found again by it: it has letters and digits."""
    return any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)


def _mixes_capitals(word: str) -> bool:
    """Whether capitals stand where an identifier has none: its parts are short on average."""
    letters = "".join(_LETTERS.findall(word))
    if letters.islower() or letters.isupper() or not letters:
        return False
    parts = _PART.findall(word)
    return len(letters) / len(parts) < 2.6


def _has_rare_pairs(word: str) -> bool:
    """Whether many letters follow others that they hardly follow in words; where a new part begins, any letter may."""
    parts = (part.lower() for part in _PART.findall(word))
    are_rare = [first + second in _RARE for part in parts for first, second in pairwise(part)]
    return sum(are_rare) >= 2 and sum(are_rare) >= 0.3 * len(are_rare)


def _kind(letter: str) -> int:
    return 0 if letter.islower() else 1 if letter.isupper() else 2 if letter.isdigit() else 3
