"""Source code for the page: highlighted, and still nothing but data."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers.diff import DiffLexer
from pygments.lexers.python import PythonLexer

#: tokens that no rule of the style sheet colours: what is not of these classes stays without a mark
_PLAIN = re.compile(r'<span class="(?!k|s|m|c|ow"|n[cfd]"|fm"|g[dihu]")[^"]*">([^<]*)</span>')


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True)


@cache
def _lexer() -> PythonLexer:
    return PythonLexer(stripnl=False, ensurenl=False)


@lru_cache(maxsize=4096)
def python(source: str) -> Markup:
    """Python source as escaped HTML whose tokens carry pygments' classes (the style sheet has their colours)."""
    return _marked_up(source, _lexer())


def diff(patch: str) -> Markup:
    """A unified diff as escaped HTML, its lines marked as those that go and those that come."""
    return _marked_up(patch, DiffLexer(stripnl=False))


def _marked_up(text: str, lexer: Lexer) -> Markup:
    """``text`` as HTML; tokens that have no colour are not marked."""
    html = _PLAIN.sub(r"\1", highlight(text, lexer, _formatter()))
    return Markup(html)  # noqa: S704  # pygments escapes what it marks up


def spans(text: str) -> Markup:
    """Text of kit's own, escaped, with what stands between backticks as code."""
    parts = (Markup("<code>{}</code>" if at % 2 else "{}").format(part) for at, part in enumerate(text.split("`")))  # noqa: S704
    return Markup("").join(parts)
