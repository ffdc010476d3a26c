"""What a rule looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.facts.inventory import Collision
from kit.inventory.importers import Importers
from kit.inventory.loading import LoadGraph
from kit.inventory.mappers import Mapper
from kit.inventory.names import Names
from kit.inventory.records import FileRecord
from kit.inventory.runtime import RuntimeFacts


@dataclass(frozen=True)
class View:
    """Everything that the inventory knows when the rules are asked. ``runtime`` is empty when nothing was run;
    ``suite_paths`` are the files that the whole suite loads as far as source tells, ``None`` without a suite.
    """

    files: Sequence[FileRecord]
    names: Names
    importers: Importers
    mappers: Sequence[Mapper]
    collisions: Sequence[Collision]
    runtime: RuntimeFacts
    graph: LoadGraph
    suite_paths: frozenset[str] | None
