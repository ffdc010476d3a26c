"""Secrets out of text that came from the target, before anybody stores or shows it."""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

MASK = "***"

#: values of sensitive variables that are shorter than this are too likely to be ordinary words
MIN_VALUE = 6

_SENSITIVE_NAME = re.compile(
    r"SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|CREDENTIAL|PRIVATE_?KEY|DSN$", re.IGNORECASE
)

#: words after which, with a `:` or `=`, a secret stands; each is also looked for in the text before its pattern is run
_WORDS = ("passw", "passphrase", "pwd", "secret", "token", "credential", "authorization", "key")
_KEY = (
    r"(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|authorization|"
    r"(?:api|access|private|secret|signing|encryption)[_-]?key)"
)

#: `password=…` · `"api_key": "…"` · `token: str = "…"` · `['secret'] == '…'` · `Authorization: Bearer …`. It starts at
#: the key word and not at the start of a longer name, so that it stays linear in the length of the text.
_ASSIGNED = re.compile(
    rf"""(?P<head> (?P<key>{_KEY}) (?:\\?["'])? \]?
           (?: [ ]?:[ ]?[a-z_][\w.|\[\] ]{{0,40}} (?=[ ]?=[ ]?[bruf]{{0,2}}["']) )?    # an annotation before a default
           [ \t]{{0,3}} (?: [:=!]= | => | = | (?<!:):(?!:) ) [ \t]{{0,3}}
           (?: (?:bearer|basic|token)[ ]+ )?
           (?: [a-z_.]{{1,40}}\( (?=[bruf]{{0,2}}["']) )? )                            # SecretStr("…")
        (?: (?P<open>[bruf]{{0,2}}(?P<quote>\\?["'])) (?: (?!(?P=quote)) (?:\\.|[^\\\n]) )+
          | (?P<plain> [^\s,;&"'`<>(){{}}\[\]\\]+ ) (?P<next>[(\[])? )""",
    re.IGNORECASE | re.VERBOSE,
)
_OPTION = re.compile(rf"(--[\w-]{{0,30}}?{_KEY}[ ]+)[^\s-]\S*", re.IGNORECASE)
#: values that are source code and no secret: types and constants, and attributes of what usually holds settings
_CODE = re.compile(
    r"(?:str|bytes|int|float|bool|dict|list|set|tuple|object|type|Any|Optional|Union|null|true|false|undefined|SecretStr|"
    r"Mapped|Column)\b|(?:self|cls|os|settings|config|request|data|payload|form|user)\.[A-Za-z_]"
)

_KEY_END = r"-----END [A-Z ]{0,20}PRIVATE KEY-----"

#: (what must be in the text, pattern, replacement)
_SHAPES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    # user:password@host; the look-ahead keeps a port that is followed by a path with an @
    (
        "://",
        re.compile(r"(://[^\s:/@'\"\[\]]{0,128}:)(?!\d{1,5}[/?#\s])[^\s'\"@]{1,256}(?:@[^\s'\"@/]{1,256})??@"),
        rf"\1{MASK}@",
    ),
    ("://", re.compile(r"(://)[\w.~%+-]{20,256}@"), rf"\1{MASK}@"),
    ("PRIVATE KEY", re.compile(rf"-----BEGIN [A-Z ]{{0,20}}PRIVATE KEY-----.*?(?:{_KEY_END}|\Z)", re.DOTALL), MASK),
    ("PRIVATE KEY", re.compile(rf"(?:^[\w+/=]{{8,}}\s*?\n)*^{_KEY_END}", re.MULTILINE), MASK),  # its start was cut off
    ("eyJ", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"), MASK),
    ("earer ", re.compile(r"(\b[Bb]earer )(?=[\w.~+/-]{0,40}\d)[\w.~+/-]{16,}=*"), rf"\1{MASK}"),
    ("A", re.compile(r"\bA(?:KIA|SIA|ROA|IDA|GPA|NPA|NVA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}"), MASK),
    ("_", re.compile(r"\b(?:gh[pousr]_|github_pat_|sk_live_|rk_live_|sk_test_)\w{16,}"), MASK),
    ("-", re.compile(r"\b(?:glpat|xox[abprs]|sk-ant|sk-proj|sk|pypi|npm|hf)-[\w-]{20,}"), MASK),
)


def mask(text: str) -> str:
    """``text`` with every secret that can be told by its shape, its name or the environment replaced by ``***``.

    Masked are passwords in URLs, values of keys such as ``password=`` and ``token:``, private key blocks, JSON web
    tokens, keys and tokens of the usual services, and the values of sensitive variables of this process. Masking
    twice changes nothing more; it never raises.
    """
    values = _environment_values(os.environ)
    for _ in range(8):  # one replacement may bring another secret to light; almost always the second pass is the last
        masked = _mask_once(text, values)
        if masked == text:
            break
        text = masked
    return text


def _mask_once(text: str, values: re.Pattern[str] | None) -> str:
    if values is not None:
        text = values.sub(MASK, text)
    for needle, pattern, replacement in _SHAPES:
        if needle in text:
            text = pattern.sub(replacement, text)
    lowered = text.lower()
    if any(word in lowered for word in _WORDS):
        text = _OPTION.sub(rf"\1{MASK}", _ASSIGNED.sub(_assigned, text))
    return text


def _assigned(found: re.Match[str]) -> str:
    opening = found["open"]
    if opening is not None:
        return f"{found['head']}{opening}{MASK}"
    return found[0] if _is_code(found) else f"{found['head']}{MASK}"


def _is_code(found: re.Match[str]) -> bool:
    """Whether the unquoted value of a key is part of a program: a source line without its names explains nothing."""
    value = found["plain"]
    return (
        found["next"] is not None  # a call or a subscript
        or keyword.iskeyword(value)
        or value == found["key"]
        or _CODE.match(value) is not None
        or (found["key"].lower() == "pwd" and value.startswith("/"))
    )


def _environment_values(environment: Mapping[str, str]) -> re.Pattern[str] | None:
    sensitive = {
        value for name, value in environment.items() if len(value) >= MIN_VALUE and _SENSITIVE_NAME.search(name)
    }
    return _values_pattern(tuple(sorted(sensitive)))


@lru_cache(maxsize=8)
def _values_pattern(values: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all ``values``, longest first. A path that exists is the place of a secret and not the secret;
    a plain word (``POSTGRES_PASSWORD=postgres``) counts only where it stands alone.
    """
    secrets = [value for value in values if not (value.startswith("/") and Path(value).exists())]
    parts = [
        rf"(?<!\w){re.escape(value)}(?!\w)" if value.isalpha() else re.escape(value)
        for value in sorted(secrets, key=len, reverse=True)
    ]
    return re.compile("|".join(parts)) if parts else None
