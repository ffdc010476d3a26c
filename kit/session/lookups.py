"""One thing of a case by its name, and questions about the source as it is now."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from kit.facts.errors import UsageError
from kit.facts.kinds import StageName
from kit.facts.outcomes import BAD
from kit.facts.spelling import did_you_mean
from kit.facts.suite import TestResult
from kit.facts.wording import counted
from kit.inventory import Inventory
from kit.session import source_answers
from kit.session.causes import Cause, causes
from kit.session.edits import of_today
from kit.session.modules import Mapper, Module, mapper_of, module_of
from kit.session.reader import CaseReader
from kit.session.result import Absent, Result
from kit.session.tests import Test

#: at most this many names are listed when a name fits several
_LISTED = 5


def _several(names: Collection[str], noun: str) -> str:
    """How many names there are, and the first few."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{counted(len(names), noun)}: {', '.join(sorted(names)[:_LISTED])}{more}"


class Lookups:
    """Finds a test, a mapped class or a module of a case."""

    def __init__(self, reader: CaseReader) -> None:
        """``reader`` reads the case."""
        self.reader = reader

    def test(self, name: str = "") -> Test:
        """The test whose node id is, ends with, or contains ``name``; without one the first that fails.

        case.test("test_login").output()

        Raises :class:`UsageError` when no test has the name, or several that end differently.
        """
        results = self.reader.suite.results
        if not name:
            bad = [one for one in results if one.outcome in BAD]
            missing = self.reader.missing("test_batches")
            return Test(self.reader, bad[0]) if bad else cast("Test", Absent("failing test", missing))
        return Test(self.reader, self._named(name, results))

    def _named(self, name: str, results: tuple[TestResult, ...]) -> TestResult:
        by_rule = (
            lambda nodeid: nodeid == name,
            lambda nodeid: nodeid.endswith(f"::{name}"),
            lambda nodeid: nodeid.partition("[")[0].endswith(f"::{name}"),
            lambda nodeid: name in nodeid,
        )
        for fits in by_rule:
            found = [one for one in results if fits(one.nodeid)]
            functions = {one.nodeid.partition("[")[0] for one in found}
            if len(functions) == 1:
                return next((one for one in found if one.outcome in BAD), found[0])
            if functions:
                raise UsageError(f'"{name}" fits {_several(functions, "test")}; give more of the node id.')
        known = [one.nodeid.partition("[")[0] for one in results]
        known = known if "::" in name else [one.rpartition("::")[2] for one in known]
        raise self._absent(
            f'The case has no test "{name}"{did_you_mean(name, dict.fromkeys(known), _LISTED)}', "test_batches"
        )

    def _absent(self, sentence: str, stage: StageName) -> UsageError:
        """The refusal of a name; where the stage that finds such names has not run, it says so."""
        return UsageError(" ".join([sentence, *map(str, self.reader.missing(stage))]))

    def cause(self, name: str = "") -> Cause:
        """The first cause whose title or id is or contains ``name``; without one the cause to fix first.

        case.cause("User").tests()

        Raises :class:`UsageError` when no cause has the name.
        """
        return causes(self.reader)[name or 0]

    def mapper(self, name: str = "") -> Mapper:
        """The mapped classes of a name; without one the first name that stands for several.

        case.mapper("User").parties()

        Raises :class:`UsageError` when no mapped class has the name.
        """
        inventory = self.reader.inventory
        known = [one.name for one in inventory.mapped_classes]
        if not name:
            name = next((one.name for one in self.reader.joined.collisions), known[0] if known else "")
        if not name:
            return cast("Mapper", Absent("mapped class", self.reader.missing("mapper_registry")))
        found = mapper_of(self.reader, name)
        if not found.classes:
            refused = f'The case has no mapped class "{name}"{did_you_mean(name, sorted(set(known)), 20)}'
            raise self._absent(refused, "mapper_registry")
        return found

    def module(self, name: str = "") -> Module:
        """A module of the app; without a name the one that the first blocking finding is about, or else the most
        imported one. The end of its name is enough where only one module ends so, and its path does too.

        case.module("app.auth").importers()
        """
        source = self.reader.source()
        chosen = self._module(name, source) if name else source.central_module
        return Module(self.reader, chosen) if chosen else cast("Module", Absent("module that another imports"))

    def _module(self, name: str, source: Inventory) -> str:
        by_path = module_of(source, name)
        if by_path:
            return by_path
        known = {fan.module for fan in source.fans()}
        ends = [one for one in known if one.endswith(f".{name}")]
        if name in known:
            return name
        if len(ends) > 1:
            raise UsageError(f'"{name}" fits {_several(ends, "module")}; give more of its name.')
        if not ends:
            source.importers(name)  # a library's module has importers too; another name is refused
        return ends[0] if ends else name

    def prediction(self) -> Result:
        """The test modules that cannot configure their mappers when pytest runs them alone.

        case.prediction()
        """
        return of_today(self.reader, source_answers.prediction(self.reader))

    def cycles(self) -> Result:
        """The import cycles.

        case.cycles()
        """
        return of_today(self.reader, source_answers.cycles(self.reader))

    def fans(self) -> Result:
        """The modules that most others import.

        case.fans()
        """
        return of_today(self.reader, source_answers.fans(self.reader))
