"""What the source and the mapper registries show, as parts of ``incident.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kit.facts.places import Location

if TYPE_CHECKING:
    from kit.facts.inventory import CollidingClass, Collision, Finding, Importer, InventoryFacts
    from kit.facts.modules import Reached
    from kit.facts.predictions import Foreseen

Json = dict[str, Any]


def inventory_of(inventory: InventoryFacts | None) -> Json:
    """Findings, collisions, importers, the files that load modules at fault, and what test files would miss alone."""
    if inventory is None:
        return dict.fromkeys(("findings", "collisions", "importers", "reached", "foreseen"))
    return {
        "findings": [_finding(finding) for finding in inventory.findings],
        "collisions": [_collision(collision) for collision in inventory.collisions],
        "importers": [_importer(importer) for importer in inventory.importers],
        "reached": [_reached(one) for one in inventory.reached],
        "foreseen": [_foreseen(one) for one in inventory.foreseen],
    }


def _reached(one: Reached) -> Json:
    return {
        "module": one.module,
        "path": one.path,
        "direct": list(one.direct),
        "indirect": list(one.indirect),
        "test_files": list(one.test_files),
    }


def _foreseen(one: Foreseen) -> Json:
    return {
        "name": one.name,
        "what": one.what,
        "needed_at": locations_of(one.needed_at),
        "defined_at": locations_of(one.defined_at),
        "test_files": list(one.test_files),
    }


def _finding(finding: Finding) -> Json:
    return {
        "id": finding.id,
        "kind": finding.kind,
        "severity": finding.severity,
        "title": finding.title,
        "locations": locations_of(finding.locations),
        "evidence": list(finding.evidence),
        "details": finding.details,
    }


def locations_of(locations: tuple[Location, ...]) -> list[Json]:
    """Places in their order."""
    return [location_of(location) for location in locations]


def location_of(location: Location) -> Json:
    """A place; its role is ``None`` where it has none."""
    return {"path": location.path, "line": location.line, "role": location.role or None}


def _collision(collision: Collision) -> Json:
    return {
        "id": collision.id,
        "name": collision.name,
        "registry": collision.registry,
        "loaded": collision.loaded,
        "tables": list(collision.tables),
        "classes": [_colliding_class(party) for party in collision.classes],
    }


def _colliding_class(party: CollidingClass) -> Json:
    mapped = party.mapped
    return {
        "module": mapped.module,
        "qualname": mapped.qualname,
        "path": mapped.path,
        "line": mapped.line,
        "table": mapped.table,
        "columns": list(mapped.columns),
        "relationships": [relationship.name for relationship in mapped.relationships],
        "extend_existing": mapped.extend_existing,
        "importers": party.importers,
        "primary": party.primary,
        "score": [{"what": part.what, "value": part.value, "points": part.points} for part in party.score],
    }


def _importer(importer: Importer) -> Json:
    return {
        "module": importer.module,
        "name": importer.name,
        "path": importer.path,
        "line": importer.line,
        "scope": importer.scope,
        "role": importer.role,
        "via": importer.via,
    }
