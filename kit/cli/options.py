"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce, wraps
from typing import TYPE_CHECKING, Any

import click

from kit.facts.errors import UsageError
from kit.facts.target import DEMO

if TYPE_CHECKING:
    from kit.case.request import Request

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

demo_option = click.option("--demo", is_flag=True, help="Take the demo that comes with kit instead of an app of yours.")

categories_option = click.option(
    "--categories", default="", metavar="FILE", help="Failure categories of your own, in TOML."
)

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
    click.option(
        "--workers",
        type=int,
        default=0,
        show_default="2, and up to 4 while they wait; 1 where tests share a file or database",
        metavar="N",
        help="How many processes run tests.",
    ),
    categories_option,
    click.option("--resume", default="", metavar="CASE", help="Go on with a case that was interrupted."),
)

#: more about how tests are run: the names are those of kit.suite.RunOptions
_RUN: tuple[Decorator, ...] = (
    click.option(
        "--isolation",
        type=click.Choice(["auto", "fork", "process", "file", "test"]),
        default="auto",
        show_default=True,
        help="What runs in one process: forked workers, fresh ones, or a new child for each file or test.",
    ),
    click.option(
        "--slow-s", type=float, metavar="N", help="Seconds after which a test is called slow.  [half its limit]"
    ),
    click.option(
        "--timeout",
        "timeouts",
        multiple=True,
        metavar="PATTERN=N",
        help="Another limit for tests whose node id matches.",
    ),
    click.option("--collection-timeout-s", type=float, metavar="N", help="Seconds that collecting them may take."),
    click.option("--run-timeout-s", type=float, metavar="N", help="Seconds that all tests together may take."),
    click.option("--memory-mb", type=int, metavar="N", help="Memory that one test process may take."),
    click.option(
        "--recheck-s", default=20.0, show_default=True, metavar="N", help="Seconds for running failures alone."
    ),
    click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers run the tests: tcp://host:8786."),
    click.option("--coverage", is_flag=True, help="Measure lines with the target's own coverage.py."),
)
#: the names of these options
RUN_NAMES = (
    "isolation",
    "collection_timeout_s",
    "slow_s",
    "timeouts",
    "run_timeout_s",
    "memory_mb",
    "recheck_s",
    "cluster",
    "coverage",
)


def path_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """``[PATH]`` and ``--demo``: the command gets one ``path``."""

    @click.argument("path", required=False, default="")
    @demo_option
    @wraps(function)
    def with_path(*args: Any, path: str, demo: bool, **rest: Any) -> Any:
        return function(*args, path=chosen_path(path, demo), **rest)

    return with_path


def chosen_path(path: str, demo: bool, name: str = "PATH") -> str:
    """The target that was named, the current folder when none was.

    Raises :class:`UsageError` when both a path, which the command calls ``name``, and the demo were named.
    """
    if path and demo:
        raise UsageError(f"{name} and {DEMO} name two targets: leave out one of them.")
    return DEMO if demo else path or "."


def target_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--python`` and ``--app``."""
    return _apply(_TARGET, function)


def reports_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--reports-dir`` and ``--store-url``."""
    return _apply(_REPORTS, function)


def case_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """All that describe a case: the target's, the suite's and the reports' options."""
    return _apply(_TARGET + _SUITE + _RUN + _REPORTS, function)


def request_from(path: str, options: Mapping[str, Any]) -> Request:
    """The request that ``path`` and the options of :func:`case_options` make."""
    from kit.case.request import Request  # it imports all that runs tests, which ``kit scan`` does not need

    run = {name: options[name] for name in RUN_NAMES if name in options}
    if "timeouts" in run:
        run["timeouts"] = dict(map(_pattern_and_limit, run["timeouts"]))
    rest = {name: value for name, value in options.items() if name not in (*RUN_NAMES, "resume")}
    return Request.of(target=path, run=_changed(run), **rest)


def _changed(run: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are not RunOptions' own."""
    from kit.suite import RunOptions

    usual = RunOptions()
    return {name: value for name, value in run.items() if value not in (getattr(usual, name), {})}


def _pattern_and_limit(text: str) -> tuple[str, float]:
    pattern, _, seconds = text.rpartition("=")
    try:
        return pattern, float(seconds)
    except ValueError:
        raise UsageError(f'"{text}" gives no limit: write --timeout "PATTERN=SECONDS".') from None


def _apply(decorators: tuple[Decorator, ...], function: Callable[..., Any]) -> Callable[..., Any]:
    return reduce(lambda inner, decorate: decorate(inner), reversed(decorators), function)
