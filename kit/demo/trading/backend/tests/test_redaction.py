"""Taking personal data out."""

import pytest

from backend.app.privacy.redaction import kinds_in, redact, redact_record

SAMPLES = {
    "email": ["ada@example.com", "first.last+tag@sub.example.co.uk", "x_1@a-b.org"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "FR1420041010050500013M02606"],
    "wallet": ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x" + "0" * 40],
    "card": ["4111 1111 1111 1111", "5500-0000-0000-0004", "4012888888881881"],
    "phone": ["+1 (555) 010-9999", "+49 30 1234 567", "44 20 7946 0958"],
    "ip": ["192.168.0.1", "8.8.8.8", "255.255.255.0"],
}
PAIRS = [(kind, value) for kind, values in SAMPLES.items() for value in values]
FRAMES = ["({})", "first {}, then nothing"]
HARMLESS = [
    "", "Bought 10 ACME at 100.50", "order 123456", "version 1.2.3", "2026-03-04 10:30", "a@b", "0x1234",
    "999.999.999.999 points", "profit of 1,234.56 USD", "call me later", "IBAN missing", "12 34",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), PAIRS)
@pytest.mark.parametrize("frame", FRAMES, ids=["brackets", "before"])
def test_personal_value_is_replaced_by_its_kind(kind: str, value: str, frame: str) -> None:
    assert redact(frame.format(value)) == frame.format(f"[{kind}]")


@pytest.mark.parametrize("text", HARMLESS, ids=range(len(HARMLESS)))
def test_harmless_text_stays(text: str) -> None:
    assert redact(text) == text
    assert kinds_in(text) == []


@pytest.mark.parametrize("first", SAMPLES)
@pytest.mark.parametrize("second", SAMPLES)
def test_all_kinds_in_a_text_are_named_once(first: str, second: str) -> None:
    text = f"{SAMPLES[first][0]} and {SAMPLES[second][1]}"
    assert kinds_in(text) == [kind for kind in SAMPLES if kind in {first, second}]


@pytest.mark.parametrize("field", ["password", "password_hash", "token", "secret", "api_key"])
@pytest.mark.parametrize("keep_personal", [False, True])
def test_secrets_always_go(field: str, keep_personal: bool) -> None:
    assert redact_record({field: "hunter2", "id": 1}, keep_personal=keep_personal) == {
        field: "[secret]",
        "id": 1,
    }


@pytest.mark.parametrize("field", ["email", "display_name", "phone", "iban"])
@pytest.mark.parametrize("keep_personal", [False, True])
def test_personal_fields_can_be_kept(field: str, keep_personal: bool) -> None:
    cleaned = redact_record({field: "Ada"}, keep_personal=keep_personal)
    assert cleaned == {field: "Ada" if keep_personal else "[personal]"}
