"""Source code for the page: highlighted, and still nothing but data."""

from __future__ import annotations

from functools import cache, lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.diff import DiffLexer
from pygments.lexers.python import PythonLexer


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True)


@cache
def _lexer() -> PythonLexer:
    return PythonLexer(stripnl=False, ensurenl=False)


@lru_cache(maxsize=4096)
def python(source: str) -> Markup:
    """Python source as escaped HTML whose tokens carry pygments' classes (the style sheet has their colours)."""
    return Markup(highlight(source, _lexer(), _formatter()))  # noqa: S704  # pygments escapes what it marks up


def diff(patch: str) -> Markup:
    """A unified diff as escaped HTML, its lines marked as those that go and those that come."""
    return Markup(highlight(patch, DiffLexer(stripnl=False), _formatter()))  # noqa: S704  # pygments escapes it


def spans(text: str) -> Markup:
    """Text of kit's own, escaped, with what stands between backticks as code."""
    parts = (Markup("<code>{}</code>" if at % 2 else "{}").format(part) for at, part in enumerate(text.split("`")))  # noqa: S704
    return Markup("").join(parts)
