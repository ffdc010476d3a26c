"""Words that a machine has made are told from words that people write, also where neither has a digit."""

from __future__ import annotations

import random
import string

import pytest

from kit.masking import mask
from kit.masking.randomness import looks_random


@pytest.mark.parametrize("letters", [string.ascii_letters, string.ascii_lowercase], ids=["mixed", "lower"])
def test_most_tokens_of_letters_alone_look_random(letters: str) -> None:
    chance = random.Random(5)
    tokens = ["".join(chance.choices(letters, k=chance.randint(8, 15))) for _ in range(2_000)]

    assert sum(map(looks_random, tokens)) > 0.8 * len(tokens)


@pytest.mark.parametrize(
    "word",
    [
        "authorization",
        "getDefaultToken",
        "ThreadPoolExecutor",
        "sqlalchemy",
        "HTTPConnectionPool",
        "unauthenticated",
        "JSONDecodeError",
        "placeholder",
        "jwtTokenProvider",
        "createSessionKey",
    ],
)
def test_a_name_of_a_program_does_not(word: str) -> None:
    assert not looks_random(word)


def test_a_token_of_letters_alone_is_masked_behind_a_name_that_tells_it() -> None:
    assert mask("undefined_name('API_TOKEN=MSufjiVfYAHKIO')") == "undefined_name('API_TOKEN=***')"
    assert mask("undefined_name('API_TOKEN=getDefaultToken')") == "undefined_name('API_TOKEN=getDefaultToken')"
