"""Taking personal data out of free text, and out of records."""

import re
from collections.abc import Mapping

RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("wallet", re.compile(r"\b0x[0-9a-fA-F]{40}\b")),
    ("card", re.compile(r"\b(?:\d[ -]?){15}\d\b")),
    ("phone", re.compile(r"(?<![\w.])\+?\d{1,3}[ -]\(?\d{2,4}\)?(?:[ -]\d{2,4}){2,3}\b")),
    ("ip", re.compile(r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b")),
)
SECRET_FIELDS = frozenset({"password", "password_hash", "token", "secret", "api_key"})
PERSONAL_FIELDS = frozenset({"email", "display_name", "phone", "iban"})


def redact(text: str) -> str:
    """The text with every personal value replaced by its kind in brackets."""
    for kind, pattern in RULES:
        text = pattern.sub(f"[{kind}]", text)
    return text


def kinds_in(text: str) -> list[str]:
    """Which kinds of personal data a text holds, in the order of the rules."""
    found = []
    for kind, pattern in RULES:
        text, count = pattern.subn("", text)
        if count:
            found.append(kind)
    return found


def redact_record(record: Mapping[str, object], *, keep_personal: bool = False) -> dict[str, object]:
    """A record fit for logs: secrets always go, personal fields unless they are wanted, text is redacted."""
    cleaned: dict[str, object] = {}
    for name, value in record.items():
        if name in SECRET_FIELDS:
            cleaned[name] = "[secret]"
        elif name in PERSONAL_FIELDS:
            cleaned[name] = value if keep_personal else "[personal]"
        else:
            cleaned[name] = redact(value) if isinstance(value, str) else value
    return cleaned
