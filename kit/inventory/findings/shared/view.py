"""What the rules read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kit.facts.inventory import Collision
from kit.inventory.imports.importers import Importers
from kit.inventory.imports.loading import LoadGraph
from kit.inventory.mappers.bases import Bases
from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.links import RelationshipLink, find_links
from kit.inventory.names.names import Names
from kit.inventory.source.module_table import replaced_modules
from kit.inventory.source.records import ClassRecord, FileRecord


def is_nothing_shared(_top: str) -> bool:
    """Nothing outside of the target has its names."""
    return False


@dataclass(frozen=True)
class View:
    """Everything that the inventory knows when the rules run. ``root`` is the target's folder. ``runtime`` is
    empty when nothing was run; ``suite_paths`` are the files that the whole suite loads as far as source tells,
    ``None`` without a suite. ``import_roots`` are the folders that modules are imported from, each with the reason.
    ``sqlalchemy`` is the series that the target has installed, ``None`` where that is not known. ``too_new`` are the
    files that cannot be parsed since they are written for a newer Python than the one that has read them. ``is_shared``
    says of a top-level name whether something that is not in the target may have modules below it too.
    """

    root: Path
    files: Sequence[FileRecord]
    names: Names
    importers: Importers
    mappers: Sequence[Mapper]
    collisions: Sequence[Collision]
    runtime: RuntimeFacts
    graph: LoadGraph
    suite_paths: frozenset[str] | None
    import_roots: Mapping[str, str] = field(default_factory=dict)
    sqlalchemy: tuple[int, ...] | None = None
    too_new: frozenset[str] = frozenset()
    is_shared: Callable[[str], bool] = is_nothing_shared

    @cached_property
    def links(self) -> tuple[RelationshipLink, ...]:
        """Every relationship of source that names its target."""
        return tuple(find_links(self.mappers, self.names))

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Mapper]:
        """The mapped classes by module and qualified name; the first where there are several."""
        return {mapper.key: mapper for mapper in reversed(self.mappers)}

    @cached_property
    def by_table(self) -> dict[int, Mapper]:
        """The class that each table of the running target was made for, by the table's identity."""
        running = [mapper for mapper in self.mappers if mapper.own_table and mapper.runtime is not None]
        return {mapper.runtime.table_id: mapper for mapper in reversed(running) if mapper.runtime}

    @cached_property
    def classes_of_table(self) -> Counter[tuple[str, str, str | None]]:
        """How many classes name each table."""
        return Counter(mapper.fact.table_key for mapper in self.mappers)

    @cached_property
    def _links_by_key(self) -> dict[tuple[str, str], list[RelationshipLink]]:
        found = defaultdict(list)
        for link in self.links:
            found[link.mapper.key].append(link)
        return found

    @cached_property
    def backref_targets(self) -> frozenset[tuple[str, str]]:
        """The classes that get attributes from a ``backref`` elsewhere."""
        links = [link for link in self.links if "backref" in link.call.options]
        return frozenset(target.key for link in links for target in link.targets)

    @cached_property
    def tops_in_use(self) -> frozenset[str]:
        """The top-level names below which the target imports a module of its own."""
        found = set[str]()
        for file in self.files:
            for statement in file.imports:
                if statement.kind == "from":
                    source = self.names.modules.source_of(file.path, statement)
                    named = [] if source is None else [source, *(f"{source}.{item.name}" for item in statement.names)]
                else:
                    named = [item.name for item in statement.names]
                found.update(one.partition(".")[0] for one in named if "." in one and self.names.modules.is_own(one))
        return frozenset(found)

    @cached_property
    def replaced_modules(self) -> frozenset[str]:
        """The modules that code of the target puts into ``sys.modules``."""
        return replaced_modules(self.root, (file.path for file in self.files))

    @cached_property
    def patched(self) -> frozenset[str]:
        """The names of attributes that are added to classes behind their bodies."""
        return frozenset(name for file in self.files for name in file.patched)

    def links_of(self, mapper: Mapper) -> Sequence[RelationshipLink]:
        """The relationships of a class that name their target."""
        return self._links_by_key.get(mapper.key, ())

    @cached_property
    def _bases(self) -> Bases:
        return Bases(self.names)

    def bases_of(self, mapper: Mapper) -> tuple[tuple[str, ClassRecord], ...] | None:
        """Module and record of the target's classes above a mapped class, itself included; ``None`` when source does
        not show all that it inherits.
        """
        record = self.names.classes.get(mapper.key)
        return self._bases.whole_lineage(mapper.fact.module, record) if record else None
