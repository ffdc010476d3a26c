"""A pytest plugin that breaks pytest when it starts, so that nothing is collected.

https://docs.pytest.org/en/stable/how-to/plugins.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import ExceptionInfo, Group
from kit.facts.places import Location

KIND: Final = "plugin-broken"
_NAMED = re.compile(
    r"^Plugin '(?P<hook>[^']+)' (?:for hook|could not be loaded)|in plugin <module '(?P<module>[\w.]+)'"
)
#: what ends pytest without an exception that could be recorded at a place
_PROBLEM = re.compile(
    r"""Error importing plugin "(?P<absent>[^"]+)": (?P<why>.+)"""
    r"""|PluginValidationError: (?P<reason>Plugin '(?P<misfit>[^']+)' for hook '(?P<hook>\w+)')"""
    r"""|(?P<told>ModuleNotFoundError: No module named '(?P<lacking>[\w.]+)'), while it loaded plugins"""
)


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_name: dict[str, list[Group]] = {}
    for group in unexplained:
        if name := next(filter(None, map(_plugin, scene.chains(group))), None):
            by_name.setdefault(name, []).append(group)
    for name, groups in by_name.items():
        yield _cause(scene, name, groups)
    # a refusal says where the plugin is requested, a trial which one it is
    is_told = by_name or scene.suite.start_refusal or scene.suite.plugin_trial
    if (found := _PROBLEM.search(scene.suite.problem or "")) and not is_told:
        yield _cause(scene, found["absent"] or found["misfit"] or found["lacking"], [], found)


def _plugin(info: ExceptionInfo) -> str | None:
    if info.type == "PluginImportFailure":
        return info.message.partition("\n")[0].strip("'\"")
    found = _NAMED.search(info.message) if info.type == "PluginValidationError" else None
    return (found["hook"] or found["module"]) if found else None


def _cause(scene: Scene, name: str, groups: list[Group], problem: re.Match[str] | None = None) -> Cause:
    own = name.endswith(".py") or any(root.own for root in scene.roots(*groups))
    file = (Location(name, 1, "file"),) if name.endswith(".py") else scene.declarations.plugin(name)
    if problem and problem["hook"]:
        file = tuple(place for place in scene.declarations.function(problem["hook"]) if place.path == name) or file
    return cause_of(
        groups,
        id=f"{KIND}:{name}",
        kind=KIND,
        title=f'Plugin "{name}" breaks pytest at its start',
        state="consistent",
        locations=scene.spots(*groups) or file,
        evidence=[Evidence(f"pytest says: {problem['why'] or problem['reason'] or problem['told']}")]
        if problem
        else (),
        next_step=then_check(
            f"{_advice(name, own, absent=problem is not None and problem['misfit'] is None)}; until then no "
            "test is collected",
            RUN,
        ),
    )


def _advice(name: str, own: bool, *, absent: bool) -> str:
    if absent:
        return f"Install it, or take it out of addopts, pytest_plugins or the option -p that names {name}"
    return "Fix it" if own else f"Leave it out with -p no:{name}, or install a version that fits this pytest"


DETECTOR = Detector(rank=45, kind=KIND, find=_find)
