"""What one release of a library has and the next one lacks."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.bench.dropped_names.reading import Signature
from tests.bench.dropped_names.release import TESTS, Release, parents

#: names that Python itself gives a module or a class
PYTHONS = {
    "__all__",
    "__doc__",
    "__file__",
    "__name__",
    "__path__",
    "__builtins__",
    "annotations",
    "TYPE_CHECKING",
    "__getattr__",
    "__dir__",
}
#: so much of a module has to be in another one that it counts as moved there
_MOVED = 0.6

Step = dict[str, Any]


def compare(old: Release, new: Release) -> Step:
    """The parts of a step from ``old`` to ``new``; empty ones are left out."""
    modules = dict(_modules(old, new))
    names: dict[str, dict[str, str]] = {}
    for module in old.modules:
        if module in new.modules and (gone := dict(_names(old, new, module))):
            names[module] = gone
    step: Step = {"modules": modules, "names": names, **_of_classes(old, new), **_of_calls(old, new)}
    return {key: value for key, value in step.items() if value}


def _modules(old: Release, new: Release) -> Iterator[tuple[str, str]]:
    for name in sorted(old.names):
        inside_tests = not TESTS.isdisjoint(name.split(".")[1:-1])
        if not inside_tests and not new.has_module(name) and all(new.has_module(one) for one in parents(name)):
            yield name, _moved_module(old, new, name)


def _moved_module(old: Release, new: Release, name: str) -> str:
    """The new module that has most of what a module had; ``package:name`` where its package may bind its name."""
    package, _, last = name.rpartition(".")
    in_package = last in new.modules[package].words if package in new.modules else False
    if (in_package and not new.surely_lacks(package, last)) or last in (new.possible(package) or ()):
        return f"{package}:{last}"
    had = (
        {one for one in old.modules[name].certain if one not in old.modules[name].imports}
        if name in old.modules
        else set()
    )
    if len(had) < 2:
        return ""
    fresh = [(len(had & read.certain) / len(had), one) for one, read in new.modules.items() if one not in old.names]
    share, best = max(fresh, default=(0.0, ""))
    return best if share >= _MOVED else ""


def _names(old: Release, new: Release, module: str) -> Iterator[tuple[str, str]]:
    read = old.modules[module]
    children = old.children(module)
    for name in sorted(old.certain(module) - PYTHONS - children):
        if name in new.modules[module].possible or not new.surely_lacks(module, name):
            continue
        source = read.imports.get(name, "")
        top = source.partition(".")[0].partition(":")[0]
        own = top in {one.partition(".")[0] for one in old.tops}
        meant = name in read.again or name in (read.listed or ())
        if source and not own and (source.endswith(":") or top in sys.stdlib_module_names) and not meant:
            continue  # ``import os`` in a module is not meant for others
        yield name, hint_of(old, new, module, name)


def hint_of(old: Release, new: Release, module: str, name: str) -> str:
    """Where the new release, or the library that it came from, has the name: ``module``, or ``module:other``."""
    source, inner = old.where(module, name)
    if inner and source != module:
        if source in new.modules and inner in new.certain(source):
            return source if inner == name else f"{source}:{inner}"
        if source not in old.modules and source.partition(".")[0] not in sys.stdlib_module_names:
            return source if inner == name else f"{source}:{inner}"
    places = [one for one, read in new.modules.items() if name in read.classes or name in read.functions]
    return places[0] if len(places) == 1 and len(name) > 3 else ""


def _of_classes(old: Release, new: Release) -> Step:
    members: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    read_only: dict[str, list[str]] = {}
    for module, name, _ in old.classes():
        place = _same_class(new, module, name)
        if place is None:
            continue
        before, _, _ = old.line_of(module, name)
        after, is_known, given = new.line_of(*place)
        had = set().union(*(one.certain for one in before)) - PYTHONS
        has = given.union(*(one.possible for one in after))
        is_open = any(one.is_open for one in after)
        for gone in sorted(had - has) if is_known else ():
            if not (is_open and gone in new.words) and not (gone.startswith("__") and gone.endswith("__")):
                members[module][name].append(gone)
        fixed = _read_only(after) - _read_only(before)
        if closed := sorted(one for one in fixed if any(one in had_it.assigned for had_it in before)):
            read_only[f"{module}:{name}"] = closed
    return {"members": {one: dict(several) for one, several in members.items()}, "read_only": read_only}


def _read_only(line: list[Any]) -> set[str]:
    """The properties without setter of a class and its bases."""
    found: set[str] = set()
    settled: set[str] = set()
    for one in line:
        found |= one.read_only - settled
        settled |= one.possible
    return found


def _same_class(new: Release, module: str, name: str) -> tuple[str, str] | None:
    """Where the new release has the class that this name stands for."""
    if module not in new.modules:
        return None
    place = new.where(module, name)
    return place if place[0] in new.modules and place[1] in new.modules[place[0]].classes else None


def _of_calls(old: Release, new: Release) -> Step:
    parameters: dict[str, dict[str, list[str]]] = defaultdict(dict)
    required: dict[str, dict[str, list[str]]] = defaultdict(dict)
    positional: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for module in old.modules:
        if module not in new.modules or new.modules[module].is_open:
            continue
        after = dict(new.signatures(module))
        for name, before in old.signatures(module):
            now = after.get(name)
            if not now or len(before) != 1:
                continue
            if gone := _gone_keywords(before[0], now):
                parameters[module][name] = gone
            if needed := _newly_required(before[0], now):
                required[module][name] = needed
            if all(one.most is not None for one in now) and before[0].most is not None:
                most = max(one.most or 0 for one in now)
                if most < before[0].most:
                    positional[module][name] = [before[0].most, most]
    return {"parameters": dict(parameters), "required": dict(required), "positional": dict(positional)}


def _gone_keywords(before: Signature, now: list[Signature]) -> list[str]:
    if any(one.any_keyword for one in now):
        return []
    return _plain(before.keywords - frozenset().union(*(one.keywords for one in now)))


def _newly_required(before: Signature, now: list[Signature]) -> list[str]:
    if before.any_keyword:
        return []
    return _plain(frozenset.intersection(*(one.required for one in now)) - before.required)


def _plain(names: frozenset[str]) -> list[str]:
    """Without the first one of a method, and those of two underscores, which have the name of the class in front."""
    return sorted(one for one in names - {"self", "cls"} if not one.startswith("__"))
