"""The importers of a module, or of a name from it: statements of the source; for a name, re-exports are followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from kit.facts.inventory import Importer
from kit.facts.places import Scope
from kit.inventory.names.modules import parents
from kit.inventory.names.names import Imported, Names, Origin
from kit.inventory.source.records import FileRecord, Import
from kit.inventory.source.roles import role_of

#: where a module takes names that others can take from it; one whose ``__getattr__`` (PEP 562) makes them when somebody
#: asks takes them for type checkers alone
_PASSING_ON: frozenset[Scope] = frozenset({"module", "try", "type_checking"})

#: whether a file uses a dotted expression such as ``models.User`` outside of comments and strings
Uses = Callable[[str, str], bool]


@dataclass(frozen=True)
class ImportSite:
    """One name of one import statement.

    ``module`` is the module that the statement names, ``name`` what is taken from it (``None``: the module itself,
    ``"*"``: everything), ``bound`` the expression that stands for it in the file.
    """

    path: str
    statement: Import
    module: str
    name: str | None
    bound: str
    alias: str | None = None


@dataclass(frozen=True)
class _Place:
    """A name of a module under which the wanted thing can be imported; ``through`` is that module when it only passes
    the thing on.
    """

    module: str
    name: str
    through: str | None = None


class Importers:
    """The import sites of a target."""

    def __init__(self, names: Names, files: Iterable[FileRecord], uses: Uses) -> None:
        self._names = names
        self._uses = uses
        #: by the module that the statement names
        self._sites: dict[str, list[ImportSite]] = defaultdict(list)
        #: by the module that is bound as a whole
        self._whole: dict[str, list[ImportSite]] = defaultdict(list)
        for file in files:
            for site in self._sites_of(file):
                self._add(site)

    def of_module(self, module: str) -> tuple[Importer, ...]:
        """Every statement that imports the module or something from it, sorted by path and line."""
        module = self._names.modules.canonical(module)
        sites = [*self._sites.get(module, ()), *(site for site in self._whole.get(module, ()) if site.name)]
        found = (_importer(site, module, site.name if site.module == module else None) for site in sites)
        return _sorted(
            replace(one, scope="lazy")
            if one.scope == "module" and self._names.is_lazy(site.module, site.name or "")
            else one
            for site, one in zip(sites, found, strict=True)
        )

    def of_name(self, module: str, name: str) -> tuple[Importer, ...]:
        """Every statement that imports the name, from the module or from one that re-exports it (``through``). A
        statement that imports the whole module counts if its file uses the name. Sorted by path and line.
        """
        module = self._names.modules.canonical(module)
        origin = self._origin(module, name)
        places = {(module, name): _Place(module, name)}
        found: dict[tuple[str, int], Importer] = {}
        for place in _growing(places):
            for alias in self._aliases(module=place.module, expression=place.name):
                if self._origin(place.module, alias) == origin:
                    places.setdefault((place.module, alias), _Place(place.module, alias, place.module))
            for site, expression in self._taking(place):
                taken = site.name if site.module == place.module and site.name else place.name
                importer = _importer(site, module, taken, place.through)
                found.setdefault((site.path, site.statement.line), importer)
                for key in self._re_exported(site, expression):
                    if self._origin(*key) == origin:
                        places.setdefault(key, _Place(*key, through=key[0]))
        return _sorted(found.values())

    def _origin(self, module: str, name: str) -> str:
        """Where what a name of a module stands for comes from: the same for every module that passes it on."""
        return (self._names.find(module, name) or Origin(module, name)).dotted

    def _add(self, site: ImportSite) -> None:
        self._sites[site.module].append(site)
        if site.name is None:
            self._whole[site.module].append(site)
        elif site.name != "*" and self._names.modules.is_own(site.module.partition(".")[0]):
            importing = self._names.modules.names.get(site.path, "")
            origin = self._names.taken(importing, Imported(site.module, site.name))
            if not origin.name:
                self._whole[origin.module].append(site)

    def _sites_of(self, file: FileRecord) -> Iterator[ImportSite]:
        modules = self._names.modules
        for statement in file.imports:
            if statement.kind == "import":
                for item in statement.names:
                    module = modules.absolute(file.path, item.name)
                    yield ImportSite(file.path, statement, module, None, item.alias or item.name, item.alias)
                continue
            source = modules.source_of(file.path, statement)
            for item in statement.names if source else ():
                name = item.name if statement.kind == "from" else None
                yield ImportSite(file.path, statement, str(source), name, item.alias or item.name, item.alias)

    def _taking(self, place: _Place) -> Iterator[tuple[ImportSite, str]]:
        """The sites that take a name of a module, each with the expression that then stands for it."""
        for site in self._sites.get(place.module, ()):
            if site.name == place.name:
                if not self._means_submodule(site):
                    yield site, site.bound
            elif site.name == "*" and self._names.exports(place.module, place.name):
                yield site, place.name
        for module in [place.module, *parents(place.module)]:
            for site in self._whole.get(module, ()):
                expression = f"{site.bound}{place.module.removeprefix(module)}.{place.name}"
                if self._uses(site.path, expression):
                    yield site, expression

    def _means_submodule(self, site: ImportSite) -> bool:
        """Whether a package imports from itself: then it means its submodule, whatever else has the name by now."""
        importing = self._names.modules.names.get(site.path)
        return importing == site.module and self._names.modules.is_own(f"{site.module}.{site.name}")

    def _re_exported(self, site: ImportSite, expression: str) -> Iterator[tuple[str, str]]:
        """The names under which other modules can take the thing from the file of a site."""
        module = self._names.modules.names.get(site.path)
        if module is None or site.statement.scope not in _PASSING_ON:
            return
        if "." not in expression:
            yield module, expression
        for alias in self._aliases(module, expression):
            yield module, alias

    def _aliases(self, module: str, expression: str) -> list[str]:
        """The names that a module gives an expression: ``Account`` for ``Account = models.User``."""
        file = self._names.files.get(module)
        bindings = file.bindings if file else ()
        return [item.name for item in bindings if item.kind == "alias" and item.reference == expression]


def _importer(site: ImportSite, module: str, name: str | None, through: str | None = None) -> Importer:
    return Importer(
        module=module,
        name=name,
        path=site.path,
        line=site.statement.line,
        scope=site.statement.scope,
        role=role_of(site.path),
        via=site.alias,
        statement=site.statement.statement,
        through=through,
    )


def _growing(places: dict[tuple[str, str], _Place]) -> Iterator[_Place]:
    """Each place once, also those that are added on the way."""
    done: set[tuple[str, str]] = set()
    while todo := [key for key in places if key not in done]:
        for key in todo:
            done.add(key)
            yield places[key]


def _sorted(importers: Iterable[Importer]) -> tuple[Importer, ...]:
    return tuple(sorted(importers, key=lambda item: (item.path, item.line, item.name or "")))
