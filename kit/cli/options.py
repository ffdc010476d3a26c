"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import click

from kit.case.request import Request

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

path_argument = click.argument("path", required=False, default="")

_TARGET: tuple[Decorator, ...] = (
    click.option("--python", default="", metavar="EXE", help="The target's interpreter; found by default."),
    click.option("--app", multiple=True, metavar="ROOT", help="An import root of the target; found by default."),
)
_REPORTS: tuple[Decorator, ...] = (
    click.option("--reports-dir", default="", metavar="DIR", help="Where reports go.  [default: ./reports]"),
    click.option("--store-url", default="", metavar="URL", help="The store.  [default: DIR/kit.sqlite]"),
)
_SUITE: tuple[Decorator, ...] = (
    click.option("--case", default="", metavar="NAME", help="The name to record under; made up by default."),
    click.option("--tests", multiple=True, metavar="PATH", help="Test files or folders; found by default."),
    click.option("--timeout-s", default=30.0, show_default=True, metavar="N", help="Seconds that one test may take."),
    click.option("--workers", default=2, show_default=True, metavar="N", help="How many processes run tests."),
    click.option("--resume", default="", metavar="CASE", help="Go on with a case that was interrupted."),
)


def target_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--python`` and ``--app``."""
    return _apply(_TARGET, function)


def reports_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--reports-dir`` and ``--store-url``."""
    return _apply(_REPORTS, function)


def case_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """All that describe a case: the target's, the suite's and the reports' options."""
    return _apply(_TARGET + _SUITE + _REPORTS, function)


def request_from(path: str, options: Mapping[str, Any]) -> Request:
    """The request that ``path`` and the options of :func:`case_options` make."""
    return Request.of(target=path, **{name: value for name, value in options.items() if name != "resume"})


def _apply(decorators: tuple[Decorator, ...], function: Callable[..., Any]) -> Callable[..., Any]:
    return reduce(lambda inner, decorate: decorate(inner), reversed(decorators), function)
