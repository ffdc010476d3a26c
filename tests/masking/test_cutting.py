"""Secrets that lie where a text is cut."""

import random

import pytest

from kit.masking import mask_beginning, mask_end
from tests.masking.forms import FORMS, leftover


@pytest.mark.slow
@pytest.mark.parametrize("at", range(40, 1, -6))
def test_a_secret_across_the_end_of_what_is_kept_is_masked_before_the_cut(at):
    rng = random.Random(at)
    for name, form in FORMS.items():
        text, secret = form(rng)
        kept = mask_beginning(f"{'so ' * ((1_000 - at) // 3)}{text} and more", 1_000)
        assert not leftover(kept, secret), name
        assert len(kept) <= 1_000
        kept = mask_end(f"before\n{text}\n{'so ' * ((1_000 - at) // 3)}", 1_000)
        assert not leftover(kept, secret), name


def test_what_follows_a_masked_secret_is_kept_up_to_the_limit():
    assert mask_beginning("password=hunter2, then " + "x" * 100, 40) == "password=***, then " + "x" * 21
    assert mask_end("x" * 100 + " token=abc123def", 20) == "x" * 10 + " token=***"


def test_a_word_that_its_sender_has_cut_is_left_out_where_it_would_be_shown():
    # longer than 10 and the margin, and almost all of it is one secret
    text = f"-----BEGIN PRIVATE KEY-----\n{'QUJD' * 2_100}\n-----END PRIVATE KEY-----\nghp_0123"
    assert mask_beginning(text, 10) == "***"
    assert mask_end(f"0123abcd\n{text[:-9]}", 10) == "***"
