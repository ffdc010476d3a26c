"""What a value looks like: made up by a machine or as a password, a part of a program, or a sentence."""

from __future__ import annotations

import keyword
import re

from kit.masking.names import Kind, kind_of
from kit.masking.patterns import late
from kit.masking.randomness import entropy, is_telling, looks_random

#: values that are source code and no secret: types, constants, and attributes of what usually holds settings
_CODE = late(
    r"(?:str|bytes|int|float|bool|dict|list|set|tuple|object|type|Any|Optional|Union|None|null|nil|true|false|undefined|"
    r"SecretStr|SecretBytes|Mapped|Column|Annotated|Field|Depends|Required|NotRequired|Literal|Callable|string|integer|number|"
    r"boolean|array|NoneType|missing|required|optional|empty|invalid|unknown|unexpected|unset|redacted|hidden|masked|default|"
    r"value|str_type|string_type)\b[^\w-]*$|(?:str|bytes|Optional|Union|Mapped|list|dict|tuple|set|type|Annotated)[\[|]|"
    r"(?:self|cls|os|settings|config|request|data|payload|form|user|env|environ|process|args|kwargs|secrets|cfg|conf|app|"
    r"[a-z_]{1,20})\.[A-Za-z_][\w.]*(?:[(\[]|$)",
    re.IGNORECASE,
)
#: a made-up value has at least this many characters; more after a name that says little, where it has to look random
SHORT, _LONG = 6, 16

#: annotations in quotes, and the address of a database without a user, a password or parameters
_ANNOTATION = late(
    r"(?:\w+\.)*(?:Union|Optional|Annotated|Literal|Callable|Mapped|[Ll]ist|[Dd]ict|[Tt]uple|[Ss]et|[Tt]ype|Sequence|Iterable"
    r"|Mapping|Abstract\w+)\[[\w., |\[\]]*\]"
)
_ADDRESS = late(r"[a-z][\w+.-]*:/{2,}[^@\s?=;&]*")
#: names of such addresses
_OF_CONNECTION = late(r"(?:.*_)?(?:conn(?:ection)?_?str(?:ing)?|dsn)")
#: what stands behind the colon of a parameter that may be ``None``, or has a call as its default
_PARAMETER = late(
    r"(?:str|bytes|int|float|bool|dict|list|_?[A-Z]\w*)(?:\[[\w., |\[\]]*\])?(?: \| None\b|(?: = [A-Za-z_][\w.]*\())"
)

_CALL = late(r"[A-Za-z_][\w.]*[(\[]")
_NAME = late(r"[A-Za-z_][A-Za-z_.]*\d{0,2}")
#: a variable, alone or before an operator
_SNAKE = late(r"[a-z]+(?:_[a-z0-9]+)+(?:$|\s+[-/+*|%]\s)")
_CONSTANT = late(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
#: words that sentences have and passphrases have not
_PROSE = late(
    r"\b(?:the|an?|of|to|is|are|was|were|be|been|in|for|must|should|not|no|new|at|least|and|or|with|if|this|that|its?|used?|when|"
    r"which|has|have|can|cannot|will|your?|from|on|as|by|than|does|did|field|required|password|passphrase|secret|token|key)\b",
    re.IGNORECASE,
)
VARIABLE = late(
    r"\$(?:\{\w+\}|[A-Z_]+|\(\w+\))$|%\(?\w+\)?s?$|\{\{?[\w. ]+\}?\}?$|<[\w -]+>$|\*+$|x{3,}$|\.{3}|\u2026$",
    re.IGNORECASE,
)


def is_made_up(value: str, kind: Kind) -> bool:
    """Whether the value of a name that is not always secret is one: made by a machine, and no word of a language."""
    first = value.split(maxsplit=1)[0] if value.strip() else ""
    if "://" in first or _CONSTANT.fullmatch(first):
        return False
    if kind == "weak":
        return len(first) >= _LONG and looks_random(first)
    if len(first) < _LONG:
        if not is_telling(first):
            return first.isalpha() and looks_random(first)
        return len(first) >= SHORT and (first.isalnum() or looks_random(first.split("-")[0]))
    return looks_random(first) or is_telling(first) or (entropy(first) >= 3.7 and not _NAME.fullmatch(first))


def is_no_secret(value: str, name: str) -> bool:
    """Whether the value in quotes of a name that is always secret is none: a type, an address that shows no password,
    the place of a class or function with the very name.
    """
    if _ANNOTATION.fullmatch(value):
        return True
    if _OF_CONNECTION.fullmatch(name) and _ADDRESS.fullmatch(value):
        return not any(looks_random(part) for part in value.split("/")[3:])
    return value.lower().endswith(f".{name}") and _NAME.fullmatch(value) is not None


def is_prose(line: str) -> bool:
    """Whether a line of several words is a sentence and no passphrase."""
    return " " in line.strip() and not is_telling(line.split(maxsplit=1)[0]) and _PROSE.search(line) is not None


def is_code(value: str, name: str, *, is_constant: bool) -> bool:
    """Whether the unquoted value of a name is part of a program: a source line without its names explains nothing."""
    if (
        not value
        or keyword.iskeyword(value.split(maxsplit=1)[0])
        or any(one.match(value) for one in (_CALL, _CODE, _PARAMETER))
    ):
        return True
    if value.lower() == name or _CONSTANT.fullmatch(value) or (not is_constant and _SNAKE.match(value)):
        return True
    return _NAME.fullmatch(value) is not None and kind_of(value) is not None and not looks_random(value)
