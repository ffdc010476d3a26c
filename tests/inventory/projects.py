"""Small projects for the tests of the inventory: in memory where source is enough, on disk where it is run."""

from __future__ import annotations

import platform
import sys
import textwrap
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec

from kit.facts.inventory import Collision, Finding, MappedClass
from kit.facts.target import Interpreter, Target
from kit.inventory.findings import find_all
from kit.inventory.findings.shared.view import View
from kit.inventory.imports.importers import Importers
from kit.inventory.imports.loading import LoadGraph
from kit.inventory.mappers.from_runtime import RuntimeFacts
from kit.inventory.mappers.from_source import source_mappers
from kit.inventory.mappers.merge import merge
from kit.inventory.names.constants import fold_constants
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
from kit.inventory.registry.collisions import Support, find_collisions
from kit.inventory.source.records import FileRecord
from kit.inventory.source.uses import chains
from kit.probes.source import main as probe


def record_of(content: str | bytes, path: str = "module.py") -> FileRecord:
    """What the extractor says about one file."""
    data = content if isinstance(content, bytes) else textwrap.dedent(content).lstrip("\n").encode()
    return msgspec.convert({**probe.read(data), "path": path}, FileRecord)


class Source:
    """A project of files in memory, with what the inventory makes of them; ``sqlalchemy`` is the series it has."""

    sqlalchemy: tuple[int, ...] | None = None

    def __init__(self, files: Mapping[str, str], roots: Sequence[str] = (".",), root: Path = Path("in-memory")) -> None:
        self.root = root
        self.roots = roots
        texts = {path: textwrap.dedent(text).lstrip("\n") for path, text in files.items() if path.endswith(".py")}
        read = tuple(record_of(text, path) for path, text in texts.items())
        self.modules = Modules.of(read, roots)
        self.files = fold_constants(read, self.modules)
        self.names = Names(self.files, self.modules)
        self.importers = Importers(
            self.names,
            self.files,
            lambda path, name: any(f"{chain}.".startswith(f"{name}.") for chain in chains(texts[path])),
        )
        self.mappers = source_mappers(self.names)
        self.graph = LoadGraph(self.names)

    @property
    def mapped(self) -> dict[str, MappedClass]:
        """The mapped classes by name; only for projects where names are unique."""
        facts = {mapper.fact.name: mapper.fact for mapper in self.mappers}
        assert len(facts) == len(self.mappers)
        return facts

    def lines(self, module: str, name: str | None = None) -> list[str]:
        """The importers of a module or name as ``path:line``."""
        found = self.importers.of_name(module, name) if name else self.importers.of_module(module)
        return [f"{importer.path}:{importer.line}" for importer in found]

    def collisions(self, runtime: RuntimeFacts | None = None) -> tuple[Collision, ...]:
        """The collisions; the importers are counted as the inventory does."""
        mappers = merge(self.mappers, runtime.mappers if runtime else ())
        return find_collisions(
            mappers, self.names, lambda fact: Support(len(set(self.importers.of_name(fact.module, fact.qualname))))
        )

    def view(self, runtime: RuntimeFacts | None = None) -> View:
        """What the rules look at."""
        facts = runtime or RuntimeFacts()
        mappers = merge(self.mappers, facts.mappers)
        paths = self.graph.loaded_paths(self.graph.test_modules())
        collisions = self.collisions(runtime)
        return View(
            self.root,
            self.files,
            self.names,
            self.importers,
            mappers,
            collisions,
            facts,
            self.graph,
            paths,
            sqlalchemy=self.sqlalchemy,
        )

    def findings(self, runtime: RuntimeFacts | None = None) -> tuple[Finding, ...]:
        """What all the rules find."""
        return find_all(self.view(runtime))

    def found(self, kind: str) -> list[Finding]:
        """The findings of one kind."""
        return [finding for finding in self.findings() if finding.kind == kind]


def target_at(root: Path, *, roots: Sequence[str] = (".",), python: str = sys.executable) -> Target:
    """A target on disk, run by the Python of the tests."""
    interpreter = Interpreter(
        python, platform.python_version(), {name: version(name) for name in ("sqlalchemy", "pytest")}
    )
    return Target(str(root), root.name, interpreter, tuple(roots), ())
