"""A module and a mapped class of the target, with their questions as methods."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kit import frames
from kit.facts.inventory import Collision, MappedClass
from kit.facts.wording import counted
from kit.inventory import Inventory
from kit.session import pictures, showing
from kit.session.asking import Asked
from kit.session.charts import Bars, Series
from kit.session.edits import of_today
from kit.session.lines import excerpts
from kit.session.reader import CaseReader
from kit.session.result import Result, Things
from kit.session.source_answers import chains, importers_of
from kit.session.tests import Test, tests_of

#: what a notebook shows of a mapped class
_OF_A_CLASS = ("class", "where", "table", "columns", "relationships", "seen in")


def module_of(source: Inventory, path: str) -> str | None:
    """The module that a file of the target holds."""
    return next((fan.module for fan in source.fans() if fan.path == path), None)


@dataclass(frozen=True, eq=False, repr=False)
class Module(Asked):
    """A module of the target, from the source as it is now.

    case.module("app.auth").importers()
    """

    reader: CaseReader
    name: str

    def importers(self, name: str = "") -> Result:
        """The places that import it, or a ``name`` from it.

        case.module("app.auth.models").importers("User")
        """
        spec = f"{self.name}:{name}" if name else self.name
        what = f"{name} from {self.name}" if name else self.name
        return of_today(self.reader, importers_of(self.reader.source().importers(spec), what))

    def neighbours(self) -> Result:
        """The modules that import it and those that it imports, as a picture and as a frame.

        case.module("app.auth").neighbours()
        """
        found = self.reader.source().neighbourhood(self.name)
        by, of = counted(len(found.importers), "module"), counted(len(found.imports), "module")
        answer = f"{by} {'imports' if len(found.importers) == 1 else 'import'} {found.module}; it imports {of}."
        result = Result(
            answer,
            frames.neighbours(found),
            frames.neighbours,
            shown=("direction", "module", "role", "where"),
            body=pictures.modules(found),
        )
        return of_today(self.reader, result)

    def chains(self) -> Result:
        """How the test modules come to load it: the shortest chain of imports of each.

        case.module("app.auth").chains()
        """
        found = self.reader.source().chains(self.name)
        answer = f"{counted(len(found), 'test module')} {'loads' if len(found) == 1 else 'load'} {self.name}."
        return of_today(self.reader, chains(found, answer))

    def tests(self) -> Things[Test]:
        """The tests of the test modules that load it, with how they ended in this case.

        case.module("app.auth").tests()
        """
        loading = {chain.imports[0].path for chain in self.reader.source().chains(self.name)}
        found = [one.nodeid for one in self.reader.suite.results if one.path in loading]
        return tests_of(self.reader, found, f"of modules that load {self.name}")

    def without(self) -> Result:
        """What could not be imported without it: the price of deleting it.

        case.module("app.auth").without()
        """
        found = self.reader.source().stopping_without(self.name)
        answer = f"{counted(len(found), 'module')} could not be imported without {self.name}."
        return of_today(self.reader, chains(found, answer))

    def mappers(self) -> Result:
        """The mapped classes that it defines.

        case.module("app.auth.models").mappers()
        """
        found = [one for one in self.reader.inventory.mapped_classes if one.module == self.name]
        answer = f"{self.name} maps {counted(len(found), 'class', 'classes')}."
        missing = self.reader.missing("mapper_registry")
        return Result(answer, frames.mapped_classes(found), frames.mapped_classes, missing=missing)

    def _repr_html_(self) -> str:
        ask = "Ask it for `.importers()`, `.neighbours()`, `.chains()`, `.tests()`, `.without()` or `.mappers()`."
        return showing.page(showing.paragraph(f"Module {self.name}", "a"), showing.paragraph(ask, "n"))

    def __repr__(self) -> str:
        return f"module {self.name}"


@dataclass(frozen=True, eq=False, repr=False)
class Mapper(Asked):
    """Every mapped class of one name.

    case.mapper("User").parties()
    case.mapper("User").tables()
    """

    reader: CaseReader
    name: str
    classes: tuple[MappedClass, ...]
    collisions: tuple[Collision, ...]

    def parties(self) -> Result:
        """The classes that answer to the name, with what speaks for each to be the primary one.

        case.mapper("User").parties()
        """
        frame = frames.collisions(self.collisions)
        if not self.collisions:
            answer = f'"{self.name}" stands for one class: {self.classes[0].location}. Nothing collides.'
            if len(self.classes) > 1:
                answer = f'"{self.name}" is defined {len(self.classes)} times, in registries that do not meet.'
            return Result(answer, frames.mapped_classes(self.classes), frames.mapped_classes, shown=_OF_A_CLASS)
        parties = [party for one in self.collisions for party in one.classes]
        rows = tuple((str(one.mapped.location), (float(one.importers),)) for one in parties)
        bars = Bars("Places that import each (blue: the primary one)", rows, (Series("places", "accent"),))
        colours = tuple("accent" if one.primary else "failed" for one in parties)
        return Result(
            f'"{self.name}" stands for {len(parties)} classes; {_which(self.collisions)}.',
            frame,
            frames.collisions,
            shown=("name", "state", "role", "where", "table", "importers", "why"),
            chart=lambda: Bars(bars.title, bars.rows, bars.series, colours),
        )

    def score(self) -> Result:
        """What speaks for each class to be the primary one: what was counted, and the points that it gives.

        case.mapper("User").score()
        """
        frame = frames.scores(self.collisions)
        answer = f'"{self.name}" stands for one class: there is nothing to choose.'
        if self.collisions:
            points = frame.groupby("where", sort=False)["points"].sum()
            answer = "; ".join(f"{where} has {value:.1f} points" for where, value in points.items()) + "."
        return Result(answer, frame, frames.scores, shown=("where", "role", "part", "value", "points"), most=16)

    def tables(self) -> Result:
        """The classes among the tables that relationships join to them, as a picture.

        case.mapper("User").tables()
        """
        named = {one.table for one in self.classes if one.table}
        answer = f'"{self.name}" is mapped to {", ".join(sorted(named)) or "no table that the source names"}.'
        body = pictures.tables_of(f"The classes named {self.name}", self.classes, self.reader.inventory.mapped_classes)
        return Result(answer, frames.mapped_classes(self.classes), frames.mapped_classes, shown=_OF_A_CLASS, body=body)

    def importers(self) -> Result:
        """The places that import each of the classes.

        case.mapper("User").importers()
        """
        source = self.reader.source()
        places = [
            place
            for one in self.classes
            for place in source.importers(f"{one.module}:{one.qualname.partition('.')[0]}")
        ]
        found = importers_of(places, f"a class named {self.name}", by_module=len(self.classes) > 1)
        return of_today(self.reader, found)

    def source(self) -> Result:
        """The lines that define the classes.

        case.mapper("User").source()
        """
        places = [one.location for one in self.classes]
        answer = f'"{self.name}" is defined at {", ".join(map(str, places))}.'
        result = Result(answer, pd.DataFrame(), body=excerpts(self.reader.root, places, around=8))
        return of_today(self.reader, result)

    def _repr_html_(self) -> str:
        ask = "Ask it for `.parties()`, `.tables()`, `.importers()` or `.source()`."
        return showing.page(showing.paragraph(f"{self!r}.", "a"), showing.paragraph(ask, "n"))

    def __repr__(self) -> str:
        return f"{counted(len(self.classes), 'mapped class', 'mapped classes')} named {self.name}"


def mapper_of(reader: CaseReader, name: str) -> Mapper:
    """The mapped classes of a name, which can have the module before it; none where the case has no such class."""
    every = reader.inventory.mapped_classes
    classes = tuple(one for one in every if name in (one.name, one.dotted))
    name = classes[0].name if classes else name
    collisions = tuple(one for one in reader.inventory.collisions if one.name == name)
    return Mapper(reader, name, classes, collisions)


def _which(collisions: tuple[Collision, ...]) -> str:
    """Which class is the primary one, or that none is known to be a copy of another."""
    if all(one.tables_are_known and not one.has_copies for one in collisions):
        return "each has a table of its own"
    kept = [party for one in collisions if one.has_copies for party in one.classes if party.primary]
    if not kept:
        return "whether they are mapped to one table is not known"
    return f"the primary one is {kept[0].mapped.location} ({kept[0].why})"
