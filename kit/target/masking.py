"""Secrets out of text that came from the target, before anybody stores or shows it."""

from __future__ import annotations

import keyword
import os
import re
import string
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

MASK = "***"

#: values of sensitive variables that are shorter than this are too likely to be ordinary words
MIN_VALUE = 6

_SENSITIVE_NAME = re.compile(
    r"SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|CREDENTIAL|PRIVATE_?KEY|DSN$", re.IGNORECASE
)


class _Shape(NamedTuple):
    """A secret that can be told by its shape. The pattern is only run when one of the needles is in the text."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str = MASK


_PEM_TEXT = r"\w+/=\s\\:,.-"
_PEM_END = r"-----END [A-Z ]{0,20}PRIVATE KEY-----"

_SHAPES = (
    # user:password@host; the look-ahead spares a port that is followed by a path with an @
    _Shape(
        ("://",),
        re.compile(r"(://[^\s:/@'\"\[\]]{0,128}:)(?!\d{1,5}[/?#\s])[^\s'\"@]{1,256}(?:@[^\s'\"@/]{1,256})?@"),
        rf"\1{MASK}@",
    ),
    _Shape(("://",), re.compile(r"(://)[\w.~%+-]{20,256}@"), rf"\1{MASK}@"),  # token@host
    _Shape(
        ("-----BEGIN",),
        re.compile(rf"-----BEGIN [A-Z ]{{0,20}}PRIVATE KEY-----[{_PEM_TEXT}]*?(?:{_PEM_END}|(?=[^{_PEM_TEXT}])|\Z)"),
    ),
    _Shape(("-----END",), re.compile(rf"(?:^[\w+/=]{{8,}}\s*?\n)*^{_PEM_END}", re.MULTILINE)),  # its start was cut off
    _Shape(("eyJ",), re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?")),  # JSON web tokens
    _Shape(("earer ",), re.compile(r"(\b[Bb]earer )(?=[\w.~+/-]{0,40}\d)[\w.~+/-]{16,}=*"), rf"\1{MASK}"),
    _Shape(
        ("AKIA", "ASIA", "AROA", "AIDA", "AIza"), re.compile(r"\bA(?:(?:KIA|SIA|ROA|IDA)[0-9A-Z]{16}\b|Iza[\w-]{35})")
    ),
    _Shape(
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "_live_", "_test_"),
        re.compile(r"\b(?:gh[pousr]|github_pat|[rs]k_live|[rs]k_test)_\w{16,}"),
    ),
    _Shape(("glpat-", "pypi-", "sk-"), re.compile(r"\b(?:glpat|pypi|sk)-[\w-]{20,}")),
    _Shape(("xox",), re.compile(r"\bxox[abeprs]-[\w-]{20,}")),
)

#: words after which, with a `:` or `=`, a secret stands
_KEY = (
    r"(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|authorization|"
    r"(?:api|access|private|secret|signing|encryption)[_-]?key)"
)

#: They are searched for in lower-case text: a pattern that ignores case cannot skip ahead, and is four times slower
_LOWER_KEY = re.compile(_KEY)
_ASCII_LOWER = {ord(letter): letter.lower() for letter in string.ascii_uppercase}

#: `password=…` · `"api_key": "…"` · `token: str = "…"` · `['secret'] == '…'` · `Authorization: Bearer …`, from the key
#: word on (never from the start of a longer name, so that all stays linear in the length of the text)
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
    for shape in _SHAPES:
        if any(needle in text for needle in shape.needles):
            text = shape.pattern.sub(shape.replacement, text)
    return _OPTION.sub(rf"\1{MASK}", _mask_assigned(text))


def _mask_assigned(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):  # some letters become two when lowered, and places would shift
        lowered = text.translate(_ASCII_LOWER)
    pieces, end = [], 0
    for key in _LOWER_KEY.finditer(lowered):
        found = _ASSIGNED.match(text, key.start()) if key.start() >= end else None
        if found is not None:
            pieces += [text[end : found.start()], _assigned(found)]
            end = found.end()
    return "".join([*pieces, text[end:]])


def _assigned(found: re.Match[str]) -> str:
    if found["open"] is not None:
        return f"{found['head']}{found['open']}{MASK}"
    return found[0] if _is_code(found) else f"{found['head']}{MASK}{found['next'] or ''}"


def _is_code(found: re.Match[str]) -> bool:
    """Whether the unquoted value of a key is part of a program: a source line without its names explains nothing."""
    value = found["plain"]
    return (
        (found["next"] is not None and value.replace(".", "").isidentifier())  # a call or a subscript
        or keyword.iskeyword(value)
        or value == found["key"]
        or _CODE.match(value) is not None
        or (found["key"].lower() == "pwd" and value.startswith("/"))
    )


def _environment_values(environment: Mapping[str, str]) -> re.Pattern[str] | None:
    values = {value for name, value in environment.items() if _SENSITIVE_NAME.search(name)}
    return _values_pattern(tuple(sorted(value for value in values if len(value) >= MIN_VALUE)))


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
