"""Which dotted expressions a file uses, outside of comments and strings."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import lru_cache
from pathlib import Path

from kit.inventory.source.walking import walk

_CHAIN = re.compile(r"(?<![.\w])[^\W\d]\w*(?:\.[^\W\d]\w*)+")
_F_STRING = re.compile(r"[rR]?[fF]")
#: the inventory of a copy in which a fix is tried reads the same files again
_TEXTS = 256


class FileUses:
    """Answers for the files below a root, each read at the first question about it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._chains = lru_cache(maxsize=None)(self._read)

    def __call__(self, path: str, expression: str) -> bool:
        """Whether the file uses ``expression`` or something of it (``m.User`` is used by ``m.User.id``)."""
        return any(chain == expression or chain.startswith(f"{expression}.") for chain in self._chains(path))

    def _read(self, path: str) -> frozenset[str]:
        try:
            with tokenize.open(self._root / path) as stream:
                return chains(stream.read())
        except (OSError, SyntaxError, UnicodeDecodeError):  # the file is gone, or its encoding is unknown
            return frozenset()


@lru_cache(maxsize=_TEXTS)
def chains(text: str) -> frozenset[str]:
    """The dotted names in a source text. What follows a place that cannot be tokenized is searched as plain text."""
    code: list[str] = []
    line = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            line = token.end[0]
            if token.string == ".":
                code.append(".")
            elif token.type == tokenize.NAME:
                code.append(token.string if code[-1:] == ["."] else f" {token.string}")
            elif token.type == tokenize.STRING and _F_STRING.match(token.string):  # one token before Python 3.12
                code.append(f" {' '.join(_in_f_string(token.string))} ")
            elif token.type not in (tokenize.NL, tokenize.COMMENT):  # in brackets a chain may go on in the next line
                code.append(" ")
    except (tokenize.TokenError, SyntaxError):
        code += ["\n", *text.splitlines(keepends=True)[line:]]
    return frozenset(_CHAIN.findall("".join(code)))


def _in_f_string(text: str) -> frozenset[str]:
    """The dotted names in the braces of an f-string."""
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return frozenset()
    values = [ast.unparse(node.value) for node in walk(tree) if isinstance(node, ast.FormattedValue)]
    return frozenset().union(*map(chains, values))
