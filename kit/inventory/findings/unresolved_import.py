"""An import of a module of the target that does not exist, or of a name that its module does not bind.

Modules with a ``__getattr__`` (PEP 562) may have any name, though no other submodule than stands in their folder. An
import in a ``try`` is meant to fail.
https://docs.python.org/3/reference/import.html#the-module-cache
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import get_args

from kit.facts.inventory import Finding, Severity
from kit.facts.places import Location, Scope
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.names.extensions import is_no_source
from kit.inventory.names.modules import parents
from kit.inventory.source.records import FileRecord, Import
from kit.inventory.source.roles import role_of

KIND = "unresolved-import"
_SCOPES: tuple[Scope, ...] = ("module", "class", "function")


_WORST = get_args(Severity)


def find(view: View) -> Iterator[Finding]:
    """One finding for all statements of a file that lack the same."""
    for file in view.files:
        found: dict[tuple[str, str], Finding] = {}
        for one in _of_statements(file, view):
            known = found.setdefault((one.id, str(one.details["missing"])), one)
            if known is not one:
                worst = min(known.severity, one.severity, key=_WORST.index)
                lines = (*known.locations, *one.locations)
                found[one.id, str(one.details["missing"])] = replace(known, severity=worst, locations=lines)
        yield from found.values()


def _of_statements(file: FileRecord, view: View) -> Iterator[Finding]:
    for statement in file.imports if not file.error else ():
        if statement.scope in _SCOPES and statement.kind in ("import", "from"):
            missing = list(_missing(file, statement, view))
            if missing:
                yield _finding(file, statement, missing, view)


@dataclass(frozen=True)
class _Missing:
    """A module, or a name of a module, that is not there. ``near`` is where one of a like name is defined."""

    name: str
    sentence: str
    near: Location | None = None


def _missing_module(module: str, view: View) -> _Missing:
    near = view.names.modules.near(module)
    path = view.names.modules.paths.get(near or "")
    place = Location(path, 1, "near") if path else None
    return _Missing(module, f"The target has no module {module}{_near_to_it(near)}", place)


def _missing_name(source: str, name: str, known: Collection[str], view: View) -> _Missing:
    near = next(iter(get_close_matches(name, known, n=1)), None)
    file = view.names.files[source]
    line = next((binding.line for binding in file.bindings if binding.name == near), None)
    place = Location(file.path, line, "near") if line else None
    return _Missing(f"{source}.{name}", f"The module {source} binds no {name}{_near_to_it(near)}", place)


def _missing(file: FileRecord, statement: Import, view: View) -> Iterator[_Missing]:
    """Each module, or name of a module, that is not there."""
    modules = view.names.modules
    if statement.kind == "import":
        for item in statement.names:
            module = modules.absolute(file.path, item.name)
            if not _exists(module, view):
                yield _missing_module(module, view)
        return
    source = modules.source_of(file.path, statement)
    if source is None or not _exists(source, view):
        if source is not None:
            yield _missing_module(source, view)
        return
    known = _all_names(source, view)
    for item in statement.names if known is not None else ():
        is_there = item.name.startswith("__") or view.names.find(source, item.name) is not None
        if item.name != "*" and not is_there and not is_no_source(f"{source}.{item.name}", view.names, view.root):
            yield _missing_name(source, item.name, known or (), view)


def _exists(module: str, view: View) -> bool:
    """Whether the module exists, or need not be the target's: it may be of a library, or of a folder whose name a
    library has too.
    """
    modules = view.names.modules
    top = module.partition(".")[0]
    if modules.is_own(module) or top not in view.names.files or top in sys.stdlib_module_names:
        return True
    above = [module, *parents(module)]
    if view.names.extended.intersection(above):
        return True
    files = view.names.files
    unseen = any(one in files and files[one].binds_unseen for one in above)
    return unseen or any(is_no_source(one, view.names, view.root) for one in above)


def _all_names(module: str, view: View) -> frozenset[str] | None:
    """The names that a module binds itself; ``None`` when it may have others that source does not show."""
    if not view.names.shows_all(module) or module in view.names.extended:
        return None
    return frozenset(binding.name for binding in view.names.files[module].bindings)


def _near_to_it(name: str | None) -> str:
    return f" (near to it: {name})" if name else ""


def _finding(file: FileRecord, statement: Import, missing: list[_Missing], view: View) -> Finding:
    names = [one.name for one in missing]
    return Finding(
        id=f"{KIND}:{file.path}:{names[0]}",
        kind=KIND,
        severity=_severity(file, statement, names, view),
        title=f"{file.path} imports {' and '.join(names)}, which {'does' if len(names) == 1 else 'do'} not exist",
        locations=(Location(file.path, statement.line, "import"),),
        evidence=tuple(one.sentence for one in missing),
        details={
            "statement": statement.statement,
            "missing": names,
            "near": [str(one.near) for one in missing if one.near],
        },
    )


def _severity(file: FileRecord, statement: Import, names: list[str], view: View) -> Severity:
    """It blocks whatever imports the file: nothing, if that is a script. In a function it waits for the call, and
    behind a condition it may never run. A private module (``_version``, ``_speedups``) is often one that building the
    package makes.
    """
    is_made = any(name.rpartition(".")[2].startswith("_") for name in names)
    waits = statement.scope == "function" or statement.conditional or _is_loose(file, view)
    return "smell" if waits or is_made else when_imported(view, file.path)


def _is_loose(file: FileRecord, view: View) -> bool:
    """Whether the file is a script beside a suite that does not load it: in no package, and imported by nothing."""
    folder = file.path.rpartition("/")[0]
    if view.suite_paths is None or file.path in view.suite_paths or role_of(file.path) == "test":
        return False
    module = view.names.modules.names.get(file.path, "")
    is_packaged = bool(folder) and f"{folder}/__init__.py" in view.names.modules.names
    return not is_packaged and not view.importers.of_module(module)
