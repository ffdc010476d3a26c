"""One file under two module names: Python executes it once for each, and every class in it exists twice.

It is one definition, not two: what is wrong is how it is imported. Mapped classes then fail with "Table is already
defined" or, where that is hidden, refuse each other's instances.
https://docs.python.org/3/reference/import.html#the-module-cache
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import PurePosixPath

from kit import target
from kit.facts.inventory import Finding, Severity
from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.imports.doubles import Double, find_doubles, root_of

KIND = "double-import"
_SHOWN = 5
_EDIT = re.compile(r"^\s*sys\.path\s*(?:\.(?:insert|append|extend)\(|\[[^\]]*\]\s*=|\+=)")
_CONFIGURATION = ("pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")


def find(view: View) -> Iterator[Finding]:
    """One finding for all files that are reached from the same two folders."""
    groups: dict[tuple[str, ...], list[Double]] = defaultdict(list)
    in_source = find_doubles(view.names)
    for double in (*in_source, *_running_only(view, {double.path for double in in_source})):
        groups[double.roots].append(double)
    for roots, doubles in sorted(groups.items()):
        yield _finding(roots, doubles, view)


def _running_only(view: View, known: set[str]) -> Iterator[Double]:
    """Files with mapped classes that something imports by names which no statement spells."""
    mapped = {mapper.fact.path for mapper in view.mappers}
    for file in view.runtime.files:
        if file.path in mapped - known:
            yield Double(file.path, dict.fromkeys(file.modules, ()))


def _finding(roots: tuple[str, ...], doubles: Sequence[Double], view: View) -> Finding:
    mapped = {mapper.fact.path: mapper for mapper in view.mappers}
    ordered = sorted(doubles, key=lambda double: (double.path not in mapped, double.path))
    inner = [root for root in roots if f"{root}/__init__.py" in view.names.modules.names]
    making = [place for root in inner or roots for place, _ in _causes(root, view) if place]
    first = ordered[0]
    return Finding(
        id=f"{KIND}:{'|'.join(roots)}",
        kind=KIND,
        severity=_severity([double for double in ordered if double.path in mapped], view),
        title=f"{first.path} is imported as {' and as '.join(first.names)}"
        + (f", and {len(ordered) - 1} more files alike" if len(ordered) > 1 else ""),
        locations=tuple(dict.fromkeys([*_places(ordered, view, inner), *making])),
        evidence=tuple(_evidence(ordered, sorted(roots, key=lambda root: root not in inner), view)),
        details={
            "files": [double.path for double in ordered],
            "roots": list(roots),
            "uses": [
                f"{name} {place}" for double in ordered for name, places in double.names.items() for place in places
            ],
        },
        only_running=not any(map(_in_source, doubles)),
    )


def _evidence(doubles: Sequence[Double], roots: Sequence[str], view: View) -> Iterator[str]:
    """What imports the files, and what makes these folders import roots."""
    yield from map(_uses, doubles[:_SHOWN])
    if len(doubles) > _SHOWN:
        yield f"{len(doubles) - _SHOWN} more files are imported under two names"
    twice = {file.path for file in view.runtime.files}
    yield from (f"The running target has executed {double.path} twice" for double in doubles if double.path in twice)
    for root in roots:
        yield from (f"{place}: {why}" if place else why for place, why in _causes(root, view))


def _in_source(double: Double) -> bool:
    return any(double.names.values())


def _places(doubles: Sequence[Double], view: View, inner: Collection[str]) -> Iterator[Location]:
    """The first import by each name of the first files, and the classes that exist twice. What is imported from within
    a package (``inner`` roots) comes first: it has the name of the package as well.
    """
    for double in doubles[:_SHOWN]:
        used = [(name, places[0]) for name, places in double.names.items() if places]
        yield from (place for _, place in sorted(used, key=lambda one: root_of(double.path, one[0]) not in inner))
    mapped = {mapper.fact.path: mapper for mapper in view.mappers}
    yield from (mapped[double.path].fact.location for double in doubles if double.path in mapped)


def _uses(double: Double) -> str:
    uses = [f"{name}{_at(places)}" for name, places in double.names.items()]
    return f"{double.path} is imported as {' and as '.join(uses)}"


def _at(places: Sequence[Location]) -> str:
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f" ({places[0]}{more})" if places else ""


def _severity(mapped: Sequence[Double], view: View) -> Severity:
    """Files without mapped classes may well work twice. The others block when the suite loads both."""
    if not mapped:
        return "smell"
    for double in mapped:
        loaded = [not places or any(_is_loaded(one, view) for one in places) for places in double.names.values()]
        if sum(loaded) > 1:
            return "blocks_now"
    return "blocks_when_both_imported"


def _is_loaded(place: Location, view: View) -> bool:
    return view.suite_paths is None or place.path in view.suite_paths


def _causes(root: str, view: View) -> Iterator[tuple[Location | None, str]]:
    """What makes a folder an import root: a setting, a conftest, a line that edits ``sys.path``, or what kit knows."""
    found = [*_settings(root, view), *_conftests(root, view), *_edits(root, view)]
    known = view.import_roots.get(root)
    yield from found
    if not found and known:
        yield None, f"{_shown(root)} is an import root: {known}"


def _settings(root: str, view: View) -> Iterator[tuple[Location, str]]:
    for name in _CONFIGURATION:
        lines = _lines(view, name)
        for number, line in enumerate(lines, 1):
            if re.match(r"\s*pythonpath\s*=", line):
                more = [other for other in lines[number : number + 20] if other[:1].isspace() or "[" in line]
                entries = re.findall(r"[\w./-]+", " ".join([line.partition("=")[2], *more[:5]]))
                if root in [entry.rstrip("/") for entry in entries]:
                    yield Location(name, number, "configuration"), f"pythonpath names {_shown(root)}"


def _conftests(root: str, view: View) -> Iterator[tuple[Location, str]]:
    folder = PurePosixPath(root)
    paths = view.names.modules.names
    if str(folder / "conftest.py") in paths and str(folder / "__init__.py") not in paths:
        place = Location(str(folder / "conftest.py"), 1, "conftest")
        yield place, f"pytest puts {_shown(root)} on sys.path, since this conftest is in no package"


def _edits(root: str, view: View) -> Iterator[tuple[Location, str]]:
    """The lines that put this folder on ``sys.path``; of a file without one, those that may."""
    for file in view.files:
        if any(item.name in ("sys", "site") for statement in file.imports for item in statement.names):
            lines = _lines(view, file.path)
            certain = [edit.line for edit in target.path_edits(view.root, file.path) if edit.folder == root]
            for number in certain:
                text = lines[number - 1].strip()
                yield Location(file.path, number, "sys.path"), f"{text} adds {_shown(root)}"
            for number, line in enumerate(lines if not certain else (), 1):
                if _EDIT.match(line) and _may_mean(line, root, file.path):
                    yield Location(file.path, number, "sys.path"), f"{line.strip()} may add {_shown(root)}"


def _may_mean(line: str, root: str, path: str) -> bool:
    """Whether the line names the folder, or takes one above its own file, of which the root is one."""
    if root != "." and PurePosixPath(root).name in re.findall(r"\w+", line):
        return True
    return "__file__" in line and PurePosixPath(root) in PurePosixPath(path).parents


def _lines(view: View, path: str) -> list[str]:
    try:
        return (view.root / path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _shown(root: str) -> str:
    return "the root folder" if root == "." else f"the folder {root}"
