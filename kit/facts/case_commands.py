"""Commands about a case, with the options that were given for it: they do the same again where they are typed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from kit.facts.case import Case

#: parameters that say what is investigated and how, and not where the results go
_ASKED: Final = ("python", "tests", "app", "timeout_s", "workers", "categories")

#: those that commands about the source take
_OF_SOURCE: Final = ("python", "app")

#: those that mean nothing where one test is named
_OF_SUITES: Final = frozenset({"tests", "workers", "extra_workers", "coverage", "recheck_s", "run_timeout_s"})

_TESTS_FOLLOW: Final = frozenset({"--", "--bisect"})


def completed(argv: Sequence[str], case: Case, where: Sequence[str] | None = None) -> tuple[str, ...]:
    """The words of a command of kit with the options of the case that it takes.

    ``where`` are the options for the reports folder and the store, by default those that the case was begun with.
    """
    if tuple(argv[:1]) != ("kit",):
        return tuple(argv)
    at = next((at for at, word in enumerate(argv) if word in _TESTS_FOLLOW), len(argv))
    return (*argv[:at], *_options_for(argv, case, where), *argv[at:])


def _options_for(argv: Sequence[str], case: Case, where: Sequence[str] | None) -> list[str]:
    verb = argv[1]
    if verb in ("scan", "importers"):
        return options(case, _OF_SOURCE)
    words = list(where) if where is not None else _where(case)
    if verb not in ("run", "investigate") or "--failed" in argv:
        return words
    left_out = _OF_SUITES if _TESTS_FOLLOW & set(argv) else {"tests"} if "--tests" in argv else frozenset()
    return options(case, left_out=left_out) + words


def _where(case: Case) -> list[str]:
    """The options for the reports folder and the store that the case was begun with."""
    named = {"--reports-dir": case.parameters.get("reports_dir"), "--store-url": case.parameters.get("store_url")}
    return [word for flag, value in named.items() if value for word in (flag, str(value))]


def options(case: Case, only: Collection[str] = (), left_out: Collection[str] = ()) -> list[str]:
    """The options of a command that say how the case was investigated."""
    asked = {name: case.parameters.get(name) for name in _ASKED} | dict(case.parameters.get("run") or {})
    timeouts: dict[str, float] = {} if only else asked.get("timeouts") or {}
    words: list[str] = []
    for name, value in asked.items():
        flag = "--" + name.replace("_", "-")
        if name == "timeouts" or name in left_out or (only and name not in only):
            continue
        if value is True:
            words.append(flag)
        elif isinstance(value, list):
            words += [word for one in value for word in (flag, _written(one))]
        elif value not in (None, "", 0) or name == "recheck_s":
            words += [flag, _written(value)]
    return words + [word for pattern, seconds in timeouts.items() for word in ("--timeout", f"{pattern}={seconds:g}")]


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
