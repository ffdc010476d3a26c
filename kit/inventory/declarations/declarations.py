"""What the source declares, for who asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from pathlib import Path

from kit.facts.declarations import FixtureScope, Routing, SettingDefault
from kit.facts.places import Location
from kit.facts.target import Target
from kit.inventory.declarations.answers import Answers
from kit.inventory.declarations.bindings import bound_around, bound_by, modules_defining, read_around
from kit.inventory.declarations.caught import caught_at
from kit.inventory.declarations.clocks import aware_clocks
from kit.inventory.declarations.databases import Databases
from kit.inventory.declarations.definitions import (
    foreign_keys_of,
    foreign_keys_to,
    places_dropping_zone,
    places_in_class,
    places_of_check,
    places_of_class,
    places_of_option,
    places_of_plugin,
    places_of_string,
    places_of_table,
    read_fixtures,
    scope_of_fixture,
    tables_referred_to,
)
from kit.inventory.declarations.flask_extensions import FlaskExtensions
from kit.inventory.declarations.functions import CalledDefinitions, loaded_by_name, places_of_function
from kit.inventory.declarations.guards import asked_around, decisions
from kit.inventory.declarations.ini import Ini
from kit.inventory.declarations.library_uses import library_uses
from kit.inventory.declarations.members import attributes_read, place_of_method
from kit.inventory.declarations.messages import Messages
from kit.inventory.declarations.overwrites import places_overwriting
from kit.inventory.declarations.path_edits import read_path_edits
from kit.inventory.declarations.reading import Reading
from kit.inventory.declarations.replacements import Replacements
from kit.inventory.declarations.requests import requests_in
from kit.inventory.declarations.routing import read_routing
from kit.inventory.declarations.settings import Settings
from kit.inventory.declarations.traces import traces_of
from kit.inventory.declarations.trees import Parse, Trees, holds, parse
from kit.inventory.declarations.values import places_of_values
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
from kit.inventory.source.reading import read_source

_IMPORT_MODE = re.compile(r"--import-mode[= ](?P<mode>\w+)")


class Declarations:
    """Answers about one target. Each is read at the first question, and never raises for what a file holds.

    Without a source to ask, nothing is declared. ``method(owner, name)`` is the method or property of a class of that
    name or of its bases, ``attributes_read(path, function)`` has the names of those that a function reads, and
    ``overwriting(path, name)`` the lines of other files that give a name of the module at ``path`` another value.
    ``requests(path, function)`` are the requests that the functions of this name in a file make, by line, and
    ``called_in(path, function, until)`` the target's own definitions that they call up to a line, the last one first;
    ``called_from(place)`` those that the function at a place calls. ``traces(calls, places)`` are the lines that are
    left around places where one of some calls was taken out, ``bound_around(place)`` the names that the class or the
    function around a line binds, ``read_around(place, name)`` is where it reads a name that it does not bind, and
    ``caught_at(place)`` what the ``except`` around a line catches.
    """

    def __init__(
        self, trees: Trees | None = None, names: Names | None = None, import_mode: str = "", ini: str | None = None
    ) -> None:
        self.import_mode = import_mode  # how pytest imports test files, where its settings say so
        self._trees = trees or Trees(Path(), ())
        self._names = names or Names((), Modules.of((), ()))
        self.module_names = self._names.modules.names  # by path
        self._settings = Settings(self._trees)
        self.databases = Databases(self._trees)
        self.flask_extensions = FlaskExtensions(self._trees, self._names)
        self.replacements = Replacements(self._trees, self._names)
        self.reading, self.messages = Reading(self._trees), Messages(self._trees)
        self.answers = Answers(self._trees, self._names)
        self.ini = Ini(self._trees.root, ini)
        self._loaded_by_name: dict[str, dict[str, tuple[str, ...]]] = {}
        # thousands of tests may have one function
        self.requests = lru_cache(maxsize=None)(partial(requests_in, self._trees))
        calls = CalledDefinitions(self._trees, self._names)
        self.called_in, self.called_from = calls.called_in, calls.called_from
        self.bound_around, self.read_around = partial(bound_around, self._trees), partial(read_around, self._trees)
        self.caught_at = partial(caught_at, self._trees)
        self.traces = partial(traces_of, self._trees)
        self.method = lru_cache(maxsize=None)(partial(place_of_method, self._trees))
        self.attributes_read = lru_cache(maxsize=None)(partial(attributes_read, self._trees))
        self.overwriting = lru_cache(maxsize=None)(self._overwriting)

    @classmethod
    def of(cls, target: Target, parse: Parse = parse) -> Declarations:
        """Those of the target's source as it is now; ``parse`` as in :class:`Trees`."""
        files = read_source(target).files
        options = " ".join(target.config.addopts)
        mode = _IMPORT_MODE.search(options)
        names = Names(files, Modules.of(files, target.import_roots))
        return cls(Trees(target.path, files, parse), names, mode["mode"] if mode else "", target.config.path)

    @cached_property
    def routing(self) -> Routing:
        """The routes of the target's applications, and its routers."""
        return read_routing(self._trees, self._names)

    @cached_property
    def fixtures(self) -> dict[str, tuple[Location, ...]]:
        """The definitions of each fixture, by the name that tests ask for."""
        return read_fixtures(self._trees)

    def fixture_scopes(self, name: str) -> tuple[FixtureScope, ...]:
        """How long the fixtures of this name live."""
        found = (scope_of_fixture(self._trees, name, place) for place in self.fixtures.get(name, ()))
        return tuple(scope for scope in found if scope)

    def is_package(self, folder: str) -> bool:
        """Whether a folder has an ``__init__.py``."""
        return bool(folder) and self._trees.has(f"{folder}/__init__.py")

    def has_module(self, name: str) -> bool:
        """Whether a file of the target is the module of this dotted name; a folder alone is none."""
        return name in self._names.files

    def in_class(self, owner: str, name: str) -> tuple[Location, ...]:
        """In classes called ``owner``: where the attribute ``name`` is declared, else where the string stands."""
        return places_in_class(self._trees, owner, name)

    def option(self, name: str, value: str) -> tuple[Location, ...]:
        """The calls that give the keyword argument ``name`` the string ``value``."""
        return places_of_option(self._trees, name, value)

    def function(self, qualname: str) -> tuple[Location, ...]:
        """The definitions of a function (``name``) or a method (``Class.name``)."""
        return places_of_function(self._trees, qualname)

    def classes(self, name: str) -> tuple[Location, ...]:
        """The definitions of a class, also those inside functions."""
        return places_of_class(self._trees, name)

    def parameters(self, place: Location) -> tuple[str, ...]:
        """The names of what the function at a place takes; empty where there is none."""
        node = self._trees.function_at(place)
        taken = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if node else ()
        return tuple(one.arg for one in taken)

    def is_within(self, place: Location, definition: Location) -> bool:
        """Whether a line stands in the function at a place."""
        node = self._trees.function_at(definition) if place.path == definition.path else None
        return node is not None and holds(node, place.line)

    def loaded_by_name(self, path: str) -> dict[str, tuple[str, ...]]:
        """The modules that a file imports by names put together at run time: what was put in, and their paths."""
        if path not in self._loaded_by_name:
            self._loaded_by_name[path] = loaded_by_name(self._trees, self._names, path)
        return self._loaded_by_name[path]

    def string(self, value: str) -> tuple[Location, ...]:
        """Where the source has a string of exactly this value."""
        return places_of_string(self._trees, value)

    def checks(self, said: str) -> tuple[Location, ...]:
        """The check constraints of this name or with this condition."""
        return places_of_check(self._trees, said)

    def line(self, place: Location) -> str:
        """The text of the line at a place; empty where there is none."""
        return self._trees.line(place)

    def plugin(self, name: str) -> tuple[Location, ...]:
        """Where the target requires a plugin of this name, or a conftest.py imports it."""
        return places_of_plugin(self._trees, name)

    def tables(self, name: str) -> tuple[Location, ...]:
        """The calls that make a table of this name."""
        return places_of_table(self._trees, name)

    def with_file(self, module: str) -> tuple[str, ...]:
        """The files that a module of this dotted name could be imported from, if their folder were on the path."""
        return self._trees.ending_with(module.replace(".", "/"))

    def foreign_keys_to(self, table: str) -> tuple[Location, ...]:
        """The foreign keys to a column of a table, also those of classes inside functions."""
        return foreign_keys_to(self._trees, table) if table else ()

    def foreign_keys_of(self, place: Location) -> tuple[Location, ...]:
        """The targets of the foreign keys of a class whose statement stands at a place."""
        return foreign_keys_of(self._trees, place)

    def tables_referred_to(self, place: Location) -> frozenset[str]:
        """The tables that the foreign keys of a class lead to, with their schema, as they are written."""
        return tables_referred_to(self._trees, place)

    def defined_in(self, owner: str) -> dict[str, Location]:
        """The names that a module, or a class of one, binds in its body, imports left out."""
        return bound_by(self._trees, self._names, owner)

    def modules_defining(self, name: str) -> dict[str, Location]:
        """The modules that define a function or a class of this name."""
        return modules_defining(self._names, name)

    @cached_property
    def dropping_zone(self) -> tuple[Location, ...]:
        """The calls that take the zone from a time."""
        return places_dropping_zone(self._trees)

    @cached_property
    def aware_clocks(self) -> dict[str, Location]:
        """The functions of the target that tell the time with its zone, by their dotted names."""
        return aware_clocks(self._trees, self._names)

    @cached_property
    def path_edits(self) -> tuple[Location, ...]:
        """The lines that change ``sys.path``, those of tests in front."""
        return read_path_edits(self._trees)

    def defaults_of(self, setting: str) -> tuple[SettingDefault, ...]:
        """The places that give a setting its value, production first."""
        return self._settings.defaults_of(setting)

    @property
    def setting_names(self) -> frozenset[str]:
        """The names, in capitals, that files and classes of settings give a value."""
        return self._settings.names

    def asked_around(self, path: str, line: int) -> tuple[str, ...]:
        """The names in the conditions that a line stands under, the inmost first."""
        tree = self._trees.tree(path)
        return asked_around(tree, line) if tree else ()

    def decided_at(self, path: str, line: int) -> tuple[Location, ...]:
        """The last condition that lets a line run; the next one around it too where that only asks for a flag."""
        tree = self._trees.tree(path)
        return tuple(Location(path, one, "decided") for one in decisions(tree, line)) if tree else ()

    def values_in(self, place: Location, values: Collection[str]) -> tuple[Location, ...]:
        """The lines that write down one of these literals (as ``repr`` does), and alone do so, in the function or class
        at a place and in the module's values that it names, or in a whole module that is ``imported``.
        """
        return places_of_values(self._trees, place, values)

    def library_uses(
        self,
        wanted: Mapping[str, Sequence[str]],
        modules: Mapping[str, Sequence[str]],
        paths: Collection[str] | None = None,
    ) -> dict[str, tuple[Location, ...]]:
        """By id: the lines that use a library as one of the id's patterns tells: see the module of the same name."""
        return library_uses(self._trees, wanted, modules, paths)

    def _overwriting(self, path: str, name: str) -> tuple[Location, ...]:
        return places_overwriting(self._trees, self._names, path, name)
