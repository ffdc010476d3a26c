"""Frames of what the source and the mapper registries say."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kit.facts.counting import import_places
from kit.facts.inventory import Collision, Importer, InventoryFacts, MappedClass
from kit.facts.modules import Fan, ImportChain, ImportCycle
from kit.facts.predictions import CannotConfigure
from kit.frames.frame import frame


def mapped_classes(found: Iterable[MappedClass]) -> pd.DataFrame:
    """One row for each mapped class: ``class``, ``module``, ``where``, ``table``, ``base``, the numbers of ``columns``
    and ``relationships``, ``extend_existing``, ``seen in`` (source, runtime or both).
    """
    return frame(
        [
            {
                "class": mapped.name,
                "module": mapped.module,
                "where": str(mapped.location),
                "table": mapped.table,
                "base": mapped.base,
                "columns": len(mapped.columns),
                "relationships": len(mapped.relationships),
                "extend_existing": mapped.extend_existing,
                "seen in": " + ".join(mapped.sides),
            }
            for mapped in found
        ],
        ["class", "module", "where", "table", "base", "columns", "relationships", "extend_existing", "seen in"],
        category=("seen in",),
    )


def collisions(found: Iterable[Collision]) -> pd.DataFrame:
    """One row for each party of a collision: ``name``, ``state``, ``role`` (primary or duplicate among
    classes of one table, else own table or table not known), ``where``, ``table``, ``columns``, ``relationships``,
    ``extend_existing``, ``importers``, ``why``.
    """
    return frame(
        [
            {
                "name": collision.name,
                "state": _collision_state(collision.loaded),
                "role": collision.standing(party),
                "where": str(party.mapped.location),
                "table": party.mapped.table,
                "columns": len(party.mapped.columns),
                "relationships": len(party.mapped.relationships),
                "extend_existing": party.mapped.extend_existing,
                "importers": party.importers,
                "why": party.why,
            }
            for collision in found
            for party in collision.classes
        ],
        ["name", "state", "role", "where", "table", "columns", "relationships", "extend_existing", "importers", "why"],
        category=("state", "role"),
    )


def findings(facts: InventoryFacts) -> pd.DataFrame:
    """One row for each finding: ``severity``, ``kind``, ``title``, ``where`` (every party)."""
    return frame(
        [
            {
                "severity": finding.effect,
                "kind": finding.kind,
                "title": finding.title,
                "where": ", ".join(map(str, finding.locations)),
            }
            for finding in facts.findings
        ],
        ["severity", "kind", "title", "where"],
        category=("severity", "kind"),
    )


def importers(facts: Iterable[Importer]) -> pd.DataFrame:
    """One row for each place that imports: ``module``, ``name`` (all names that the statement takes), ``path``,
    ``line``, ``role``, ``scope``, ``via``, ``statement``.
    """
    return frame(
        [
            {
                "module": importer.module,
                "name": importer.name,
                "path": importer.path,
                "line": importer.line,
                "role": importer.role,
                "scope": importer.scope,
                "via": importer.via,
                "statement": importer.statement,
            }
            for importer in import_places(facts)
        ],
        ["module", "name", "path", "line", "role", "scope", "via", "statement"],
        category=("module", "role", "scope"),
    )


def scores(found: Iterable[Collision]) -> pd.DataFrame:
    """One row for each part of the score that makes a class of a collision the primary one: ``name``, ``where``,
    ``role``, ``part``, ``value`` (how much of it there is; an age in days), ``points``. Parts that no class has are
    left out.
    """
    return frame(
        [
            {
                "name": collision.name,
                "where": str(party.mapped.location),
                "role": collision.standing(party),
                "part": part.what,
                "value": part.value,
                "points": part.points,
            }
            for collision in found
            for party in collision.classes
            for part in party.score
            if part.value
        ],
        ["name", "where", "role", "part", "value", "points"],
        category=("role", "part"),
    )


def prediction(facts: Iterable[CannotConfigure]) -> pd.DataFrame:
    """One row for each class or table that a test module misses when pytest runs it alone: ``test module`` (its
    path), ``misses`` (the name that is looked up), ``needed at`` (the first relationship or foreign key that names it),
    ``relationships`` (how many of them do), ``defined at`` (every class of that name), ``loaded`` (how many of them
    that test module imports: with none it is missing, with two or more it is ambiguous).
    """
    by_name = {
        (module.path, name): [missed for missed in module.missed if missed.name == name]
        for module in facts
        for name in dict.fromkeys(missed.name for missed in module.missed)
    }
    return frame(
        [
            {
                "test module": path,
                "misses": name,
                "needed at": str(missed[0].needed_at),
                "relationships": len(missed),
                "defined at": ", ".join(map(str, missed[0].defined_at)) or None,
                "loaded": missed[0].loaded,
            }
            for (path, name), missed in by_name.items()
        ],
        ["test module", "misses", "needed at", "relationships", "defined at", "loaded"],
    )


def unconfigurable(facts: Iterable[CannotConfigure]) -> pd.DataFrame:
    """One row for each reason that keeps test modules from configuring their mappers alone: ``misses``, ``needed at``,
    ``defined at`` and ``loaded`` as for one test module, ``test modules`` (how many have this reason), ``first`` (one
    of them).
    """
    rows: dict[tuple[str, str, str | None, int], list[str]] = {}
    for module in facts:
        for missed in {missed.name: missed for missed in reversed(module.missed)}.values():
            places = ", ".join(map(str, missed.defined_at)) or None
            rows.setdefault((missed.name, str(missed.needed_at), places, missed.loaded), []).append(module.path)
    named = ["misses", "needed at", "defined at", "loaded"]
    return frame(
        [
            {**dict(zip(named, reason, strict=True)), "test modules": len(paths), "first": paths[0]}
            for reason, paths in sorted(rows.items(), key=lambda row: -len(row[1]))
        ],
        [*named, "test modules", "first"],
    )


def cycles(facts: Iterable[ImportCycle]) -> pd.DataFrame:
    """One row for each import cycle, the shortest first: ``length``, ``modules`` (each imports the next, the last the
    first), ``imports`` (the statement of each step), ``entangled`` (how many modules reach each other in all).
    """
    return frame(
        [
            {
                "length": len(cycle.modules),
                "modules": " → ".join(cycle.modules),
                "imports": ", ".join(map(str, cycle.imports)),
                "entangled": cycle.entangled,
            }
            for cycle in facts
        ],
        ["length", "modules", "imports", "entangled"],
    )


def fans(facts: Iterable[Fan]) -> pd.DataFrame:
    """One row for each module, the most imported first: ``module``, ``path``, ``role``, ``fan in`` (modules that import
    it when they are imported), ``fan out`` (modules that it imports).
    """
    return frame(
        [
            {
                "module": fan.module,
                "path": fan.path,
                "role": fan.role,
                "fan in": fan.fan_in,
                "fan out": fan.fan_out,
            }
            for fan in facts
        ],
        ["module", "path", "role", "fan in", "fan out"],
        category=("role",),
    )


def chains(facts: Iterable[ImportChain]) -> pd.DataFrame:
    """One row for each chain of imports, the shortest first, of those to a module or of those that break without it:
    ``start``, ``steps``, ``through`` (every module from start to end), ``imports`` (the statement of each step).
    """
    return frame(
        [
            {
                "start": chain.modules[0],
                "steps": len(chain.imports),
                "through": " → ".join(chain.modules),
                "imports": ", ".join(map(str, chain.imports)),
            }
            for chain in facts
        ],
        ["start", "steps", "through", "imports"],
    )


def chain_ends(facts: Iterable[ImportChain]) -> pd.DataFrame:
    """One row for each way in which the chains end: ``by way of`` (the module that imports the end itself; ``directly``
    where the start does), ``modules`` (how many chains end so), ``steps`` (of the shortest), ``shortest chain``.
    """
    rows: dict[str, list[ImportChain]] = {}
    for chain in facts:
        rows.setdefault(chain.modules[-2] if len(chain.modules) > 2 else "directly", []).append(chain)
    return frame(
        [
            {
                "by way of": way,
                "modules": len(chains),
                "steps": len(chains[0].imports),
                "shortest chain": " → ".join(chains[0].modules),
            }
            for way, chains in sorted(rows.items(), key=lambda row: (len(row[1][0].imports), -len(row[1])))
        ],
        ["by way of", "modules", "steps", "shortest chain"],
    )


def _collision_state(loaded: bool | None) -> str:
    return {True: "there now", False: "waiting for an import", None: "suite not collected"}[loaded]
