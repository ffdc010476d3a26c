"""In which order SQLAlchemy creates tables: those that a foreign key leads to come first, else as they are defined.

``MetaData.create_all`` sorts them in levels: the tables that need no other one, then those that need only these, and so
on. Within a level they keep the order of their definition.
"""

from __future__ import annotations

from collections.abc import Mapping

from kit.causes.scene.scene import Scene
from kit.facts.places import Location


def levels(scene: Scene) -> Mapping[str, int]:
    """The level of each mapped table, from 0. What stands in a circle comes last."""
    tables = scene.mapped_by_table
    needed = {
        table: {
            other
            for one in mapped
            for other in (name.rpartition(".")[2] for name in scene.declarations.tables_referred_to(one.location))
            if other != table and other in tables
        }
        for table, mapped in tables.items()
    }
    found: dict[str, int] = {}
    level = 0
    while ready := [table for table in needed if table not in found and needed[table] <= found.keys()]:
        found.update(dict.fromkeys(ready, level))
        level += 1
    return {table: found.get(table, level) for table in needed}


def table_at(scene: Scene, place: Location) -> str | None:
    """The table of the mapped class that a line belongs to."""
    within = [one for one in scene.inventory.mapped_classes if one.path == place.path and one.line <= place.line]
    return max(within, key=lambda one: one.line).table if within else None
