"""Finds the installed plugins that keep pytest from starting, by leaving half of the plugins out at a time."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from kit.facts.starting import InstalledPlugin, PluginTrial
from kit.facts.target import Target
from kit.target import run_probe, scratch_copy

#: how long one start may take, in seconds, and how many starts there may be
_LIMIT, _MOST_STARTS = 60.0, 12

#: tells whether pytest starts without these plugins
Starts = Callable[[Sequence[InstalledPlugin]], bool]


def try_plugins(target: Target) -> PluginTrial | None:
    """Start pytest several times in a scratch copy, leaving out fewer and fewer of the installed plugins.

    Returns ``None`` if pytest starts with all plugins, if it does not start without any, and if there are none. Each
    start collects the suite without the target's own options, since these may belong to a plugin that is left out.
    Raises :class:`~kit.facts.errors.KitError` when the target cannot be copied or has no interpreter.
    """
    with scratch_copy(target) as root:
        listed = run_probe(target, "suite.plugins", {"arguments": None}, root=root, timeout_s=_LIMIT)
        plugins = [InstalledPlugin(**record) for record in listed.records]
        started = 0
        tests: int | None = None

        def starts(without: Sequence[InstalledPlugin]) -> bool:
            nonlocal started, tests
            started += 1
            request = {"arguments": [*_arguments(target), *left_out(without)]}
            run = run_probe(target, "suite.plugins", request, root=root, timeout_s=_LIMIT)
            tests = next((record["tests"] for record in run.records if "exit" in record), None)
            return tests is not None

        if not plugins or starts(()):
            return None
        found = smallest(plugins, starts, most=_MOST_STARTS - 1)
        if not found:
            return None
        confirmed = tests if starts(found) else None
        command = shlex.join(["python", "-m", "pytest", *left_out(found)])
        return PluginTrial(tuple(found), started, confirmed, command)


def smallest(plugins: Sequence[InstalledPlugin], starts: Starts, *, most: int) -> Sequence[InstalledPlugin]:
    """The smallest group of plugins without which pytest starts, found in ``most`` starts; empty if it never starts.

    The half without which pytest starts is halved again. If parts of both halves have to be left out, both are
    returned.
    """
    if not starts(plugins):
        return ()
    left = most - 1
    while len(plugins) > 1 and left >= 2:
        halves = plugins[: len(plugins) // 2], plugins[len(plugins) // 2 :]
        left -= 2
        fewer = next((half for half in halves if starts(half)), None)
        if fewer is None:
            break
        plugins = fewer
    return plugins


def left_out(plugins: Sequence[InstalledPlugin]) -> list[str]:
    """The options for pytest that leave these plugins out."""
    return [part for plugin in plugins for part in ("-p", f"no:{plugin.name}")]


def _arguments(target: Target) -> list[str]:
    named = target.test_paths if target.tests_named else ()
    return ["--collect-only", "-q", "--tb=no", "-p", "no:cacheprovider", "-o", "addopts=", *named]
