"""Every form of secret in every context: ``tests/bench/secrets.py`` does the same for whole runs and more values."""

import random

import pytest

from kit.masking import mask, mask_all
from tests.masking.command_forms import COMMAND_FORMS
from tests.masking.forms import CONTEXTS, FORMS, leftover
from tests.masking.further_forms import FURTHER_FORMS


@pytest.mark.parametrize("context", CONTEXTS)
def test_no_part_of_a_secret_is_left_in_any_context(context):
    assert_masked(FORMS, context)


@pytest.mark.slow
@pytest.mark.parametrize("context", CONTEXTS)
def test_no_part_of_a_secret_of_the_further_forms_is_left_in_any_context(context):
    assert_masked(FURTHER_FORMS, context)


@pytest.mark.parametrize("context", CONTEXTS)
def test_no_part_of_a_secret_of_a_command_or_a_settings_file_is_left_in_any_context(context):
    assert_masked(COMMAND_FORMS, context)


def assert_masked(forms, context):
    rng = random.Random(context)
    found = {}
    for name, form in forms.items():
        text, secret = form(rng)
        masked = mask(CONTEXTS[context](text))
        if left := leftover(masked, secret):
            found[name] = (left, masked)
    assert not found


def test_many_texts_are_masked_as_each_of_them_alone():
    rng = random.Random(1)
    texts = [form(rng)[0] for form in (FORMS | FURTHER_FORMS | COMMAND_FORMS).values()]
    escaped = [f"test_it[{text.encode('unicode_escape').decode()}]" for text in texts]
    ordinary = [f"tests/test_views.py::test_{number}[{number}]" for number in range(120)]
    apart = ["test_it[password=", "aB3dE6gH9jK2]"]

    for together in ([*ordinary, *texts], [*ordinary, *escaped], [*ordinary, *apart]):
        assert mask_all(together) == tuple(map(mask, together))
    assert mask_all(ordinary[:1])[0] is ordinary[0]


@pytest.mark.parametrize(
    "text",
    [
        "PASS tests/test_view1.py",
        "the AUTH header is missing",
        "user.password is too short",
        ":param psk: pre-shared-key for AES-128-CBC",
        "set -x prints each command",
        "as-is and ak-kernel",
        "requirepass directive of redis",
        "BUNDLE_WITHOUT: development",
    ],
)
def test_ordinary_text_about_commands_and_settings_is_kept(text):
    assert mask(text) == text


def test_what_shows_that_a_secret_is_left_finds_one_that_is_whole_or_wrapped():
    rng = random.Random(0)
    for name, form in (FORMS | FURTHER_FORMS | COMMAND_FORMS).items():
        text, secret = form(rng)
        for context in CONTEXTS.values():
            assert leftover(context(text), secret), name
