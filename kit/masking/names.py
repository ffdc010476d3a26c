"""What a name says about its value: ``DB_PASS`` and ``clientSecret`` are of secrets, ``bypass`` is not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from kit.masking.patterns import late

#: the secret after the name: any value · a value that looks made up · a long random value · the rest of the line, as
#: in a header
Kind = Literal["strong", "fair", "weak", "header"]

_OWNERS = (
    "api|access|private|secret|signing|encryption|account|shared|master|storage|license|auth|client|service|webhook|session|"
    "ssh|app|deploy|hmac|jwt|fernet|cipher|aes|rsa|root|admin|write|publish|integration|function|host|primary|secondary|"
    "consumer|subscription|instrumentation|sas|ssl|tls|gpg|pgp|dkim|vapid|crypto|data|db"
)
_STRONG = (
    rf"(?:{_OWNERS})_?keys?|pass(?:_?w(?:or)?ds?|wrd|_?phrases?|_?codes?|_?keys?)?|pwds?|pw|secrets?|credentials?|creds|"
    r"conn(?:ection)?_?str(?:ing)?|(?:backup|recovery)_?codes?|dsn|webhook(?:_url)?|account_?key|access_?keys?(?:_id)?"
)
_FAIR = (
    r"tokens?|auth|otp|totp|jwt|bearer|cookies?|sess(?:ion)?_?(?:id|key)?|sid|csrf|xsrf|authorization|ticket|psk|"
    r"(?:mfa|tfa|2fa|one_time|verification)_?codes?|pin"
)
_WEAK = r"keys?|sig|signature|nonce|salt|hmac|seed"
_HEADER = r"(?:proxy_)?authorization|(?:set_)?cookie|x(?:_[a-z0-9]+)*_(?:key|token|auth|secret|signature)"
_SUFFIX = (
    r"(?:_?(?:value|val|base|confirm(?:ation)?|repeat|again|old|new|current|previous|prod|dev|test|staging|live|raw|plain|text|"
    r"str|string|data|hash|enc|encrypted|b64|base64|m?\d{1,2}))*"
)
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("header", late(_HEADER)),
    ("strong", late(rf"(?:.*_)?(?:{_STRONG}){_SUFFIX}")),
    ("fair", late(rf"(?:.*_)?(?:{_FAIR}){_SUFFIX}")),
    ("weak", late(rf"(?:.*_)?(?:{_WEAK}){_SUFFIX}")),
    # written in one: dbpassword, csrftoken, myapikey
    ("strong", late(r".*(?:password|passwd|passphrase|secret|api_?key|access_?key|secret_?key|private_?key)")),
    ("fair", late(r".*(?:token|session_?id|cookie)")),
)

#: every such name holds one of these
HINT = late(
    r"pass|pw|psk|secret|cred|key|conn|dsn|webhook|token|auth|otp|pin|sig|jwt|nonce|salt|hmac|bearer|cookie|sess|sid|srf|seed|"
    r"ticket|code"
)
_BORDER = late(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\W]+")

#: environment variables that have such a name and hold a place, a type or a switch
_HARMLESS = late(
    r"^(?:old)?pwd$|_(?:path|file|dir|folder|type|sock|socket|name|host|port|user|enabled|timeout|ttl|algorithm|length|size|"
    r"count|url|uri|endpoint|expire\w*|header|prefix|field|backend|class|method|mode|provider|scheme|lifetime|age|domain)$"
)


@lru_cache(maxsize=4096)
def kind_of(name: str) -> Kind | None:
    """What a name says about its value; ``None``: nothing."""
    plain = _BORDER.sub("_", name).strip("_").lower()
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(plain):
            return kind
    return None


def holds_secret(name: str) -> bool:
    """Whether the value of a variable or setting of this name is a secret wherever it shows up again."""
    if HINT.search(name.lower()) is None:
        return False
    plain = _BORDER.sub("_", name).strip("_").lower()
    if _HARMLESS.search(plain) is not None:
        return False
    return kind_of(name) in ("strong", "fair", "header") or plain.endswith("_key")
