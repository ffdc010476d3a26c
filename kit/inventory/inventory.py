"""The inventory of a target: its mapped classes, their collisions, and the modules that import them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path, PurePosixPath

from kit.facts.errors import KitError, UsageError
from kit.facts.inventory import Finding, Importer, InventoryFacts, MappedClass
from kit.facts.modules import Fan, ImportChain, ImportCycle, Neighbourhood, Reached
from kit.facts.predictions import CannotConfigure, Foreseen
from kit.facts.target import Target
from kit.inventory.findings import find_all
from kit.inventory.findings.shared.view import View
from kit.inventory.imports.cycles import find_cycles
from kit.inventory.imports.graph import chains_to, fans, neighbourhood, reached, stopping_without
from kit.inventory.imports.importers import Importers
from kit.inventory.imports.loading import LoadGraph
from kit.inventory.mappers.bases import Bases
from kit.inventory.mappers.datetimes import datetime_columns
from kit.inventory.mappers.from_runtime import RuntimeFacts, probe_runtime
from kit.inventory.mappers.from_source import Mapper, source_mappers
from kit.inventory.mappers.merge import merge
from kit.inventory.mappers.shadowed import without_shadowed
from kit.inventory.names.calls import naive_times, patch_targets
from kit.inventory.names.constants import fold_constants
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
from kit.inventory.registry.canary import Alone, configure_alone
from kit.inventory.registry.collisions import Support, find_collisions
from kit.inventory.registry.prediction import by_name, predict
from kit.inventory.source.ages import age_in_days
from kit.inventory.source.newer import Newer, find_newer
from kit.inventory.source.pins import read_pins
from kit.inventory.source.reading import SourceFacts, read_source
from kit.inventory.source.records import FileRecord
from kit.inventory.source.requirements import read_requirements
from kit.inventory.source.roles import TOGETHER, role_of
from kit.inventory.source.shared_names import SharedNames
from kit.inventory.source.uses import FileUses

_MOST_NEIGHBOURHOODS = 8


@dataclass(frozen=True)
class Inventory:
    """What :meth:`of` found out: ``facts``, and the source for questions about importers."""

    facts: InventoryFacts
    _view: View
    _test_modules: tuple[str, ...]

    @classmethod
    def of(
        cls,
        target: Target,
        *,
        runtime: bool = True,
        timeout_s: float = 60.0,
        source: SourceFacts | None = None,
        copied_from: Path | None = None,
    ) -> Inventory:
        """Read the target's source and, if ``runtime``, ask its mapper registries in a scratch copy for at most
        ``timeout_s`` seconds. What cannot be done is a sentence in ``facts.problems``, and never an exception.

        Pass ``source`` if its files are read already, and ``copied_from`` if the target is a copy: an editable install
        then leads to the tree that it was copied from.
        """
        source = source or read_source(target, timeout_s=timeout_s)
        newer = find_newer(source.files, target)
        requirements, requirement_files = read_requirements(target.path)
        shared = SharedNames(target, requirements, copied_from or target.path)
        view, test_modules = _view_of(target, source, newer, shared, timeout_s if runtime else 0.0)
        names, importers = view.names, view.importers
        modules = sorted({party.mapped.module for collision in view.collisions for party in collision.classes})
        findings = find_all(view)
        running = view.runtime
        facts = InventoryFacts(
            files=len(view.files),
            mapped_classes=tuple(_dated(view.mappers, names)),
            collisions=tuple(view.collisions),
            findings=findings,
            importers=tuple(importer for module in modules for importer in importers.of_module(module)),
            runtime_errors=(*running.errors, *(one.error for one in running.configurations)),
            problems=(*source.problems, *newer.problems, *running.problems, *running.losses),
            losses=(*source.losses, *running.losses),
            requirements=requirements,
            requirement_files=requirement_files,
            pins=read_pins(target.path),
            neighbourhoods=tuple(
                neighbourhood(view.graph, names, module) for module in _blocking_modules(findings, names)
            ),
            naive_times=tuple(naive_times(names)),
            patch_targets=tuple(patch_targets(names, target.path)),
        )
        return cls(facts, view, test_modules)

    @property
    def central_module(self) -> str | None:
        """The module to ask about first: the first that a blocking finding names, else the most imported one."""
        blocking = [one.module for one in self.facts.neighbourhoods]
        return next(iter([*blocking, *(fan.module for fan in self.fans())]), None)

    def importers(self, spec: str) -> tuple[Importer, ...]:
        """The importers of ``"module"`` or ``"module:name"``, sorted by path and line; also of a library's module. The
        path of its file stands for a module of the target.

        Raises :class:`UsageError` for a module or a name that neither exists nor is imported anywhere.
        """
        asked, _, name = spec.partition(":")
        module = self._at(asked)
        found = self._view.importers.of_name(module, name) if name else self._view.importers.of_module(module)
        if not found:
            self._check(module, name)
        return found

    def cycles(self) -> tuple[ImportCycle, ...]:
        """The import cycles that exist while modules are imported, shortest first."""
        return find_cycles(self._view.graph)

    def fans(self) -> tuple[Fan, ...]:
        """How many modules import each module when they are imported, and how many it imports; most imported first."""
        return fans(self._view.graph, self._view.names)

    def neighbourhood(self, module: str) -> Neighbourhood:
        """The modules that import ``module`` when they are imported, and what it imports.

        Raises :class:`UsageError` for a module that the target does not have.
        """
        return neighbourhood(self._view.graph, self._view.names, self._own(module))

    def chains(self, module: str) -> tuple[ImportChain, ...]:
        """How each test module comes to load ``module``, the shortest chain first. Raises :class:`UsageError` for a
        module that the target does not have.
        """
        return chains_to(self._view.graph, self._view.names, self._test_modules, self._own(module))

    def stopping_without(self, module: str) -> tuple[ImportChain, ...]:
        """What stops importing if ``module`` goes, each with the chain that leads to it, nearest first. Raises
        :class:`UsageError` for a module that the target does not have.
        """
        return stopping_without(self._view.graph, self._view.names, self._own(module))

    def prediction(self) -> tuple[CannotConfigure, ...]:
        """The test modules that cannot configure their mappers when pytest runs each alone, sorted by path."""
        return predict(self._view.mappers, self._view.names, self._view.graph, self._test_modules)

    def foreseen(self) -> tuple[Foreseen, ...]:
        """The same by what is missed, that of most test files first."""
        return by_name(self.prediction())

    def reached(self) -> tuple[Reached, ...]:
        """The files that load each of the modules that the first blocking findings name."""
        modules = [one.module for one in self.facts.neighbourhoods]
        return tuple(reached(self._view.graph, self._view.names, self._test_modules, one) for one in modules)

    def confirm(self, target: Target, *, timeout_s: float = 600.0) -> tuple[Alone, ...]:
        """What became of the predicted test modules when each was collected alone and configured its mappers: the
        canary of :meth:`prediction`. Runs code of the target, in a scratch copy.
        """
        return configure_alone(target, [one.path for one in self.prediction()], timeout_s=timeout_s)

    def imported_by_tests(self) -> dict[str, frozenset[str]]:
        """By test file: the files of the target that are imported, directly or not, when pytest runs it alone."""
        return self._view.graph.imported_by(self._test_modules)

    def _own(self, module: str) -> str:
        """The one name of a module of the target."""
        found = self._view.names.modules.canonical(self._at(module))
        if found not in self._view.names.files:
            raise UsageError(f"The target has no module {module}{self._near(module)}")
        return found

    def _at(self, module: str) -> str:
        """The module whose file has this path in the target, else the same text."""
        return self._view.names.modules.names.get(module.replace("\\", "/").removeprefix("./"), module)

    def _near(self, module: str) -> str:
        near = get_close_matches(module, self._view.names.modules.paths, n=1)
        return f"; did you mean {near[0]}?" if near else "."

    def _check(self, module: str, name: str) -> None:
        modules = self._view.names.modules
        if not modules.is_own(module):
            hint = self._near(module)
            raise UsageError(f"Nothing imports a module {module}, and the target has none of that name{hint}")
        file = self._view.names.files.get(modules.canonical(module))
        is_complete = file is not None and not file.approximate
        if name and is_complete and self._view.names.find(modules.canonical(module), name) is None:
            raise UsageError(f"The module {module} has no {name}, and nothing imports it from there.")


def _view_of(
    target: Target, source: SourceFacts, newer: Newer, shared: SharedNames, timeout_s: float
) -> tuple[View, tuple[str, ...]]:
    """What the rules look at, and the test modules. The registries are read where there is time for it."""
    modules = Modules.of(source.files, target.import_roots)
    files = fold_constants(source.files, modules)
    names = Names(files, modules)
    importers = Importers(names, files, FileUses(target.path))
    in_source = source_mappers(names)
    together = tuple(mapper for mapper in in_source if _runs_with_the_app(mapper, importers))
    running = _read_registries(target, together, files, timeout_s) if timeout_s and together else RuntimeFacts()
    mappers = merge(in_source, running.mappers)
    graph = LoadGraph(names)
    test_modules = graph.test_modules(target.test_paths)
    view = View(
        root=target.path,
        files=files,
        names=names,
        importers=importers,
        mappers=mappers,
        collisions=find_collisions(mappers, names, lambda fact: _support(target, importers, fact)),
        runtime=without_shadowed(running, names),
        graph=graph,
        suite_paths=graph.loaded_paths(test_modules),
        import_roots={reason.value: reason.why for reason in target.reasons if reason.what == "import root"},
        sqlalchemy=_series(target.package("sqlalchemy")),
        too_new=newer.paths,
        is_shared=shared,
    )
    return view, test_modules


def _series(version: str | None) -> tuple[int, ...] | None:
    """``(2, 1)`` for ``"2.1.9"``."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2]) if version else None


def _dated(mappers: Sequence[Mapper], names: Names) -> Iterator[MappedClass]:
    """The mapped classes, their columns of date and time included."""
    bases = Bases(names)
    return (replace(mapper.fact, datetimes=datetime_columns(mapper, names, bases)) for mapper in mappers)


def _blocking_modules(findings: tuple[Finding, ...], names: Names) -> tuple[str, ...]:
    """The modules that the first blocking findings name, few enough to be looked at."""
    places = [place for finding in findings if finding.severity != "smell" for place in finding.locations]
    modules = dict.fromkeys(names.modules.names.get(place.path) for place in places)
    return tuple(islice((module for module in modules if module in names.files), _MOST_NEIGHBOURHOODS))


def _read_registries(
    target: Target, mappers: tuple[Mapper, ...], files: Sequence[FileRecord], timeout_s: float
) -> RuntimeFacts:
    conftests = (PurePosixPath(file.path) for file in files if file.path.rpartition("/")[2] == "conftest.py")
    folders = sorted({str(path.parent) for path in conftests}, key=lambda folder: (folder.count("/"), folder))
    try:
        return probe_runtime(target, mappers, timeout_s=timeout_s, tests=folders)
    except KitError as error:  # no room for the scratch copy, say: source has its answers all the same
        return RuntimeFacts(problems=(f"The mapper registry was not read: {error}",))


def _runs_with_the_app(mapper: Mapper, importers: Importers) -> bool:
    """Examples and migrations stay out, or the registries would show collisions that no one ever meets."""
    if role_of(mapper.fact.path) in TOGETHER:
        return True
    return any(importer.role in TOGETHER for importer in importers.of_module(mapper.fact.module))


def _support(target: Target, importers: Importers, fact: MappedClass) -> Support:
    """The places that import a class, each once; of a nested class those of the outer one."""
    found = importers.of_name(fact.module, fact.qualname.partition(".")[0])
    places = {(importer.path, importer.line): importer.role for importer in found}
    in_tests = sum(role == "test" for role in places.values())
    return Support(len(places), in_tests, age_in_days(target.path, fact))
