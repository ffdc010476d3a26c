"""An import of a module of the target that does not exist, or of a name that its module does not bind.

Modules with a ``__getattr__`` (PEP 562) may have any name, though no other submodule than stands in their folder. An
import in a ``try`` is meant to fail. In a package without ``__init__.py`` it is a smell.
https://docs.python.org/3/reference/import.html#the-module-cache
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import get_args

from kit.facts.inventory import Finding, Severity
from kit.facts.places import Location, Scope
from kit.inventory.findings.shared.existence import exists, is_bare_package, is_made, is_open
from kit.inventory.findings.shared.severities import when_imported
from kit.inventory.findings.shared.view import View
from kit.inventory.names.extensions import is_bare_folder, is_no_source
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
        if statement.scope in _SCOPES and statement.kind in ("import", "from") and not statement.may_fail:
            missing = list(_missing(file, statement, view))
            if missing:
                yield _finding(file, statement, missing, view)


@dataclass(frozen=True)
class _Missing:
    """A module, or a name of a module, that is not there. ``near`` is where one of a like name is defined. Of one that
    ``may_come``, building or running the app may make it, or something else may add it to an open package.
    """

    name: str
    sentence: str
    near: Location | None
    may_come: bool


def _missing_module(module: str, view: View) -> _Missing:
    near = view.names.modules.near(module)
    path = view.names.modules.paths.get(near or "")
    place = Location(path, 1, "near") if path else None
    may_come = is_open(module, view) or is_made(module, view)
    return _Missing(module, f"The target has no module {module}{_near_to_it(near)}", place, may_come)


def _missing_name(source: str, name: str, known: Collection[str], view: View) -> _Missing:
    near = next(iter(get_close_matches(name, known, n=1)), None)
    file = view.names.files[source]
    line = next((binding.line for binding in file.bindings if binding.name == near), None)
    place = Location(file.path, line, "near") if line else None
    sentence = f"The module {source} binds no {name}{_near_to_it(near)}"
    return _Missing(f"{source}.{name}", sentence, place, may_come=name.startswith("_"))


def _missing(file: FileRecord, statement: Import, view: View) -> Iterator[_Missing]:
    """Each module, or name of a module, that is not there."""
    modules = view.names.modules
    if statement.kind == "import":
        for item in statement.names:
            module = modules.absolute(file.path, item.name)
            if not exists(module, view):
                yield _missing_module(module, view)
        return
    source = modules.source_of(file.path, statement)
    if source is None or not exists(source, view):
        if source is not None:
            yield _missing_module(source, view)
        return
    unknown = [name for name in (item.name for item in statement.names) if _is_unknown(source, name, view)]
    if is_bare_package(source, view):  # all that it has are modules
        yield from (_missing_module(one, view) for name in unknown if not exists(one := f"{source}.{name}", view))
        return
    known = _all_names(source, view)
    for name in unknown if known is not None else ():
        asked = (f"{source}.{name}", view.names, view.root)
        if not is_no_source(*asked) and not is_bare_folder(*asked):
            yield _missing_name(source, name, known or (), view)


def _is_unknown(source: str, name: str, view: View) -> bool:
    return name != "*" and not name.startswith("__") and view.names.find(source, name) is None


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
        severity=_severity(file, statement, missing, view),
        title=f"{file.path} imports {' and '.join(names)}, which {'does' if len(names) == 1 else 'do'} not exist",
        locations=(Location(file.path, statement.line, "import"),),
        evidence=tuple(one.sentence for one in missing),
        details={
            "statement": statement.statement,
            "missing": names,
            "near": [str(one.near) for one in missing if one.near],
        },
    )


def _severity(file: FileRecord, statement: Import, missing: list[_Missing], view: View) -> Severity:
    """It blocks whatever imports the file: nothing, if that is a script. In a function it waits for the call, and
    behind a condition it may never run. What may come from elsewhere is often there by then.
    """
    waits = statement.scope == "function" or statement.conditional or _is_loose(file, view)
    return "smell" if waits or any(one.may_come for one in missing) else when_imported(view, file.path)


def _is_loose(file: FileRecord, view: View) -> bool:
    """Whether the file is a script beside a suite that does not load it: in no package, and imported by nothing."""
    folder = file.path.rpartition("/")[0]
    if view.suite_paths is None or file.path in view.suite_paths or role_of(file.path) == "test":
        return False
    module = view.names.modules.names.get(file.path, "")
    is_packaged = bool(folder) and f"{folder}/__init__.py" in view.names.modules.names
    return not is_packaged and not view.importers.of_module(module)
