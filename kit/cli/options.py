"""The options of the commands, made from the declared parameters of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce, wraps
from typing import Any

import click
from click.core import ParameterSource

from kit import case
from kit.cli.project_options import with_project_options
from kit.facts.errors import UsageError
from kit.facts.parameters import CASE_PARAMETERS, RUN_PARAMETERS, Kind, Parameter
from kit.facts.target import DEMO

Command = Callable[..., Any]

_CASE = {parameter.name: parameter for parameter in CASE_PARAMETERS}

#: the names of the options that say how tests are run
RUN_NAMES = tuple(parameter.name for parameter in RUN_PARAMETERS)

#: options and arguments that give a parameter another name
_STAND_FOR = {"path": "target", "demo": "target", "no_trials": "trial_budget_s"}

_TYPES: dict[Kind, type] = {"text": str, "texts": str, "number": float, "whole": int, "flag": bool, "limits": str}


def option(parameter: Parameter) -> Callable[[Command], Command]:
    """The option of a command that stands for a parameter."""
    is_flag = parameter.kind == "flag"
    return click.option(
        parameter.option,
        parameter.name,
        type=click.Choice(parameter.choices) if parameter.choices else _TYPES[parameter.kind],
        default=() if parameter.kind == "limits" else parameter.default,
        multiple=parameter.kind in ("texts", "limits"),
        is_flag=is_flag,
        show_default=bool(parameter.default) and not is_flag,
        metavar=parameter.metavar or None,
        help=f"{parameter.help[0].upper()}{parameter.help[1:]}.",
    )


def options_for(*names: str) -> Callable[[Command], Command]:
    """The options for these parameters of a case."""
    return _applied(*(option(_CASE[name]) for name in names))


def _applied(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    return lambda function: reduce(lambda inner, decorate: decorate(inner), reversed(decorators), function)


target_options = options_for("python", "app")
reports_options = options_for("reports_dir", "store_url")

#: all that describe a case: those of the target, the suite and the reports
case_options = _applied(
    options_for("python", "app", "case", "tests", "timeout_s", "workers", "categories"),
    click.option("--resume", default="", metavar="CASE", help="Resume a case that was interrupted."),
    *map(option, RUN_PARAMETERS),
    reports_options,
)

share_option = click.option(
    "--share", is_flag=True, help="Let everybody on this machine read the case and its store; by default only you can."
)

demo_option = click.option(DEMO, is_flag=True, help="Take the demo that comes with kit instead of an app of yours.")


def typed_names() -> frozenset[str]:
    """The names of the parameters, of a case or of its run, that stand on the command line."""
    context = click.get_current_context()
    typed = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    return frozenset(_STAND_FOR.get(name, name) for name in typed)


def path_argument(function: Command) -> Command:
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


def case_options_from(path: str, given: Mapping[str, Any]) -> case.CaseOptions:
    """What ``path`` and the options of :data:`case_options` ask for, and where they were not typed, the configuration
    of the target.
    """
    if given.get("workers") == 0 and "workers" in typed_names():
        raise UsageError("0 workers cannot run tests: give --workers a number from 1 up, or leave it out.")
    if not given.get("resume"):
        given = with_project_options(path, given, typed_names())
    usual = {parameter.name: parameter.default for parameter in RUN_PARAMETERS}
    run = {name: given[name] for name in RUN_NAMES if name in given}
    if "timeouts" in run:
        run["timeouts"] = dict(map(_pattern_and_limit, run["timeouts"]))
    rest = {name: value for name, value in given.items() if name not in (*RUN_NAMES, "resume")}
    return case.CaseOptions.of(path, run={name: value for name, value in run.items() if value != usual[name]}, **rest)


def _pattern_and_limit(text: str) -> tuple[str, float]:
    pattern, _, seconds = text.rpartition("=")
    try:
        return pattern, float(seconds)
    except ValueError:
        raise UsageError(f'"{text}" gives no limit: write --timeout "PATTERN=SECONDS".') from None
