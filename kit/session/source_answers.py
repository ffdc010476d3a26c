"""The answers about the source of a case: mapped classes, collisions, importers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import get_args

from kit import frames
from kit.facts.counting import import_places
from kit.facts.inventory import Collision, Importer, Severity
from kit.facts.modules import ImportChain
from kit.facts.places import Role
from kit.facts.wording import counted
from kit.session import pictures
from kit.session.charts import Bars, Series
from kit.session.reader import CaseReader
from kit.session.result import Result

#: the colour that importers of a role are drawn in
_ROLES: dict[Role, str] = {"production": "accent", "test": "passed", "migration": "timed_out", "script": "xfailed"}

#: the colour that findings of a severity are drawn in
_SEVERITIES: dict[Severity, str] = {
    "blocks_now": "failed",
    "blocks_when_both_imported": "timed_out",
    "blocks_alone": "error",
    "smell": "xfailed",
}

#: findings that are drawn among their tables
_PICTURES = 2


def findings(reader: CaseReader) -> Result:
    """What the source and the registries show without a test."""
    found = reader.inventory.findings
    blocking = [one for one in found if one.severity != "smell"]
    smells = f" and {counted(len(found) - len(blocking), 'smell')}" if len(found) > len(blocking) else ""
    answer = f"{counted(len(blocking), 'finding')} can block tests{smells}." if found else "The source shows no defect."
    if reader.facts.inventory is None:
        answer = "The source was not read yet."
    kinds = Counter((one.kind.replace("-", " "), one.severity) for one in found)
    severities = [one for one in _SEVERITIES if any(severity == one for _, severity in kinds)]
    rows = tuple(
        (kind, tuple(float(kinds[kind, one]) for one in severities))
        for kind in dict.fromkeys(kind for kind, _ in kinds)
    )
    series = tuple(Series(one.replace("_", " "), _SEVERITIES[one]) for one in severities)
    return Result(
        answer,
        frames.findings(reader.inventory),
        frames.findings,
        notes=reader.inventory.problems,
        missing=reader.missing("mapper_registry"),
        document=lambda: reader.part("findings"),
        chart=lambda: Bars("Findings by kind", rows, series) if len(rows) > 1 else None,
        body=pictures.tables(reader.inventory, _PICTURES),
    )


def collisions(reader: CaseReader) -> Result:
    """Which mapped classes answer to one name, who imports each, and which one is the primary."""
    found = reader.joined.collisions
    rows = tuple(
        (_party(one, at), (float(one.classes[at].importers),)) for one in found for at in range(len(one.classes))
    )
    colours = tuple("accent" if party.primary else "failed" for one in found for party in one.classes)
    bars = Bars(
        "Places that import each class of a collision (blue: the primary one)",
        rows,
        (Series("places", "accent"),),
        colours,
    )
    now = sum(one.loaded is True for one in found)
    answer = f"{counted(len(found), 'name')} stand for two or more mapped classes, {now} of them as the tests load it."
    if len(found) == 1:
        parties = " and ".join(str(party.mapped.location) for party in found[0].classes)
        answer = f'"{found[0].name}" stands for {len(found[0].classes)} mapped classes: {parties}.'
    if not found:
        classes = counted(len(reader.inventory.mapped_classes), "mapped class")
        answer = f"No name stands for two mapped classes ({classes} in {counted(reader.inventory.files, 'file')})."
    if reader.facts.inventory is None:
        answer = "The mapped classes are not known yet."
    return Result(
        answer,
        frames.collisions(found),
        frames.collisions,
        shown=("name", "state", "role", "where", "table", "importers", "why"),
        notes=reader.inventory.problems,
        missing=reader.missing("mapper_registry"),
        chart=lambda: bars if rows else None,
        document=lambda: reader.part("collisions"),
    )


def _party(collision: Collision, at: int) -> str:
    return f"{collision.name}  {collision.classes[at].mapped.location}"


def mappers(reader: CaseReader) -> Result:
    """Every mapped class, from source and from run time."""
    found = reader.inventory.mapped_classes
    seen = Counter(" + ".join(one.sides) for one in found)
    by_module = Counter(one.module.rpartition(".")[0] or one.module for one in found)
    rows = tuple((module, (float(count),)) for module, count in by_module.most_common())
    bars = Bars("Mapped classes by package", rows, (Series("classes", "accent"),))
    answer = f"{counted(len(found), 'mapped class', 'mapped classes')} in {counted(reader.inventory.files, 'file')}."
    if reader.facts.inventory is None:
        answer = "The mapped classes are not known yet."
    return Result(
        answer,
        frames.mapped_classes(found),
        frames.mapped_classes,
        shown=("class", "where", "table", "columns", "relationships", "seen in"),
        notes=tuple(f"Seen in {side}: {count}." for side, count in seen.items()) + reader.inventory.problems,
        missing=reader.missing("mapper_registry"),
        chart=lambda: bars if rows else None,
    )


def importers(reader: CaseReader) -> Result:
    """The places that import the modules that the findings name."""
    missing = reader.missing("mapper_registry")
    result = importers_of(reader.inventory.importers, "the modules that the findings name", by_module=True)
    part = [f"{one.path}:{one.line}" for one in reader.inventory.importers]
    return Result(
        "The imports are not known yet." if missing and not part else result.answer,
        result.frame,
        result.made_by,
        result.shown,
        missing=missing,
        chart=result.chart,
        document=lambda: reader.part("importers"),
    )


def importers_of(places: Sequence[Importer], what: str, *, by_module: bool = False) -> Result:
    """The places that import ``what``; the chart has a bar for each module that is imported, or else that imports."""
    found = import_places(places)
    roles = [role for role in get_args(Role) if any(one.role == role for one in found)]
    counts = Counter((one.module if by_module else one.path, one.role) for one in found)
    totals = Counter(one.module if by_module else one.path for one in found)
    rows = tuple((name, tuple(float(counts[name, role]) for role in roles)) for name, _ in totals.most_common())
    series = tuple(Series(role, _ROLES[role]) for role in roles)
    files = counted(len({one.path for one in found}), "file")
    answer = f"{counted(len(found), 'place')} in {files} import {what}."
    if len(found) == 1:
        answer = f"1 place imports {what}: {found[0].path}:{found[0].line}."
    return Result(
        answer if found else f"Nothing imports {what}.",
        frames.importers(places),
        frames.importers,
        shown=("path", "line", "role", "scope", "statement"),
        chart=lambda: (
            Bars(f"Places that import {what}", rows, series) if any(sum(row[1]) > 1 for row in rows) else None
        ),
    )


def prediction(reader: CaseReader) -> Result:
    """The test modules that cannot configure their mappers when pytest runs them alone."""
    found = tuple(reader.source().prediction())
    frame = frames.prediction(found)
    modules = frame["test module"].nunique()
    answer = f"{counted(modules, 'test module')} cannot configure the mappers when pytest runs it alone."
    if modules > 1:
        answer = f"{modules} test modules cannot configure the mappers when pytest runs each of them alone."
    return Result(
        answer if modules else "Every test module can run alone, as far as the source shows.",
        frame,
        frames.prediction,
        shown=("misses", "test modules", "needed at", "defined at", "loaded", "first"),
        table=frames.unconfigurable(found),
        table_by=frames.unconfigurable,
        of_rows=("test module", "misses", "needed at", "defined at", "loaded"),
    )


def cycles(reader: CaseReader) -> Result:
    """The import cycles that run while modules are imported."""
    frame = frames.cycles(reader.source().cycles())
    answer = f"{counted(len(frame), 'import cycle')}." if len(frame) else "No module imports itself through others."
    return Result(answer, frame, frames.cycles)


def fans(reader: CaseReader) -> Result:
    """The modules that most others import."""
    found = sorted(reader.source().fans(), key=lambda fan: -fan.fan_in)
    rows = tuple((fan.module, (float(fan.fan_in),)) for fan in found[:10] if fan.fan_in)
    answer = (
        f"{found[0].module} is imported most: by {counted(found[0].fan_in, 'module')}."
        if rows
        else "No module imports another."
    )
    bars = Bars("Modules that import it when they are imported", rows, (Series("modules", "accent"),))
    return Result(answer, frames.fans(found), frames.fans, chart=lambda: bars if rows else None)


def chains(found: Sequence[ImportChain], answer: str) -> Result:
    """Chains of imports, as an answer: drawn by their length, shown by the way in which they end."""
    steps = Counter(len(chain.imports) for chain in found)
    rows = tuple((counted(length, "step"), (float(count),)) for length, count in sorted(steps.items()))
    bars = Bars("Modules by the imports between them and the module", rows, (Series("modules", "accent"),))
    return Result(
        answer,
        frames.chains(found),
        frames.chains,
        shown=("by way of", "modules", "steps", "shortest chain"),
        table=frames.chain_ends(found),
        table_by=frames.chain_ends,
        of_rows=("start", "steps", "through", "imports"),
        chart=lambda: bars if len(rows) > 1 else None,
    )
