"""What detectors look at: the facts of a case, joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from kit import inventory as inventory_room
from kit.causes.scene.exercise import Exercise
from kit.causes.scene.group_failures import GroupFailures
from kit.causes.scene.spectrum import Spectrum
from kit.facts.execution import Execution
from kit.facts.failures import Category, ExceptionInfo, Failure, Frame, Group
from kit.facts.inventory import Finding, InventoryFacts, MappedClass
from kit.facts.kinds import CategoryKey, FindingKind
from kit.facts.places import Location
from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.facts.upgrades import NO_ENVIRONMENT, Environment
from kit.failures import Root

T = TypeVar("T")


def no_source() -> inventory_room.Declarations:
    """What is declared where there is no source to ask."""
    return inventory_room.Declarations()


@dataclass(frozen=True)
class Scene:
    """The facts of a case; a part that was not looked at is empty. ``categories`` are those of the groups, by key;
    ``loads`` returns which modules each test file imports (paths, directly or not), and ``source``
    what the source declares. ``environment`` is what the target runs in.
    """

    inventory: InventoryFacts
    suite: SuiteFacts
    categories: Mapping[str, Category] = field(default_factory=dict)
    loads: Callable[[], Mapping[str, frozenset[str]]] = dict
    source: Callable[[], inventory_room.Declarations] = no_source
    environment: Environment = NO_ENVIRONMENT

    @property
    def has_source(self) -> bool:
        """Whether there is source to ask: without it, importing what reads source takes a while for nothing."""
        return self.source is not no_source

    @cached_property
    def declarations(self) -> inventory_room.Declarations:
        """What the source declares; nothing where there is no source to ask."""
        return self.source()

    @cached_property
    def suspect_lines(self) -> inventory_room.SuspectLines:
        """The lines that a wrong value can come from."""
        return inventory_room.SuspectLines(self.declarations.reading)

    @cached_property
    def mapped_source(self) -> inventory_room.MappedSource:
        """What the source of mapped classes says of their values."""
        return inventory_room.MappedSource(self.declarations.reading.trees)

    @cached_property
    def sql_text(self) -> inventory_room.SqlText:
        """The SQL that stands in the source as text."""
        return inventory_room.SqlText(self.declarations.reading.trees)

    @cached_property
    def slips(self) -> inventory_room.Slips:
        """Misspelt keys, branches that never run, fields in another order."""
        return inventory_room.Slips(self.declarations.reading.trees)

    @cached_property
    def class_fields(self) -> inventory_room.ClassFields:
        """What the attributes of classes are given where they are declared."""
        return inventory_room.ClassFields(self.declarations.reading.trees)

    @cached_property
    def failures(self) -> dict[str, Failure]:
        """All recorded failures by id, those of collection included."""
        collected = {error.failure.id: error.failure for error in self.suite.collection_errors}
        return {**collected, **self.suite.failures}

    @cached_property
    def imported_by_tests(self) -> Mapping[str, frozenset[str]]:
        """By test file: the paths of the modules that it imports, directly or not."""
        return self.loads()

    @cached_property
    def exercise(self) -> Exercise:
        """What tests exercise of the target."""
        return Exercise(self.declarations, self.imported_by_tests)

    @cached_property
    def exercised_by_passing(self) -> Counter[Location]:
        """By definition of the target: how many passing tests exercise it, as far as source tells."""
        return self.exercise.by_definition([one for one in self.suite.results if one.outcome == "passed"])

    @cached_property
    def spectrum(self) -> Spectrum:
        """What failing tests were seen to execute; of nothing where that was not recorded."""
        return Spectrum(self.suite.execution or Execution())

    @cached_property
    def passed_in(self) -> Mapping[str, Sequence[TestResult]]:
        """By test file: the results of its tests that passed."""
        found: dict[str, list[TestResult]] = {}
        for result in self.suite.results:
            if result.outcome == "passed":
                found.setdefault(result.path, []).append(result)
        return found

    @cached_property
    def frames_by_path(self) -> Mapping[str, Mapping[tuple[str, int], Frame]]:
        """The frames of all recorded exceptions of the run: by path, one for each function and line."""
        found: dict[str, dict[tuple[str, int], Frame]] = {}
        for failure in self.failures.values():
            for info in failure.chain:
                for frame in info.frames:
                    found.setdefault(frame.path, {}).setdefault((frame.function, frame.line), frame)
        return found

    @cached_property
    def mapped_by_name(self) -> Mapping[str, Sequence[MappedClass]]:
        """The mapped classes of each name."""
        return _by(self.inventory.mapped_classes, lambda mapped: mapped.name)

    @cached_property
    def mapped_by_table(self) -> Mapping[str, Sequence[MappedClass]]:
        """The mapped classes of each table."""
        return _by((one for one in self.inventory.mapped_classes if one.table), lambda mapped: mapped.table or "")

    @cached_property
    def fixtures_of(self) -> Mapping[str, Sequence[str]]:
        """The names of the fixtures that each collected test asks for."""
        return {test.nodeid: test.fixtures for test in self.suite.tests}

    @cached_property
    def own_packages(self) -> frozenset[str]:
        """The top-level names of the target's modules that can be imported."""
        mapped = (one.module for one in self.inventory.mapped_classes)
        return self.loaded_packages | {name.partition(".")[0] for name in mapped}

    @cached_property
    def loaded_packages(self) -> frozenset[str]:
        """The top-level names of the target's modules that were imported when collection ended."""
        return frozenset(name.partition(".")[0] for name in self.suite.loaded_modules)

    @cached_property
    def required_packages(self) -> frozenset[str]:
        """The distributions that the target says it needs, as import names are written."""
        return frozenset(one.name.lower().replace("-", "_") for one in self.inventory.requirements)

    @cached_property
    def loaded_paths(self) -> frozenset[str]:
        """The target's files that were imported when collection ended."""
        return frozenset(self.suite.loaded_modules.values())

    @cached_property
    def tests_by_path(self) -> Mapping[str, Sequence[CollectedTest]]:
        """The collected tests of each file."""
        return _by(self.suite.tests, lambda test: test.path)

    @cached_property
    def tests_with_fixture(self) -> Mapping[str, Sequence[str]]:
        """The node ids of the collected tests that ask for each fixture."""
        found: dict[str, list[str]] = {}
        for test in self.suite.tests:
            for name in test.fixtures:
                found.setdefault(name, []).append(test.nodeid)
        return found

    def findings(self, kind: FindingKind) -> tuple[Finding, ...]:
        """The inventory's findings of a kind."""
        return tuple(finding for finding in self.inventory.findings if finding.kind == kind)

    def results(self, *groups: Group) -> tuple[TestResult, ...]:
        """The results of the tests of these groups."""
        return tuple(self._results[nodeid] for group in groups for nodeid in group.tests if nodeid in self._results)

    def result(self, nodeid: str) -> TestResult | None:
        """The result of a test."""
        return self._results.get(nodeid)

    def frames(self, *groups: Group) -> tuple[Frame, ...]:
        """Where failures were raised, most frequent first: the deepest in-app frames, else those of test files."""
        roots = self.roots(*groups)
        own = [root.own for root in roots if root.own]
        return tuple(dict.fromkeys(own or [root.test for root in roots if root.test]))

    def roots(self, *groups: Group) -> tuple[Root, ...]:
        """The roots of the failures of these groups, most frequent first."""
        return self._of_groups.roots(tuple(group.failure_ids for group in groups))

    def root(self, failure: str) -> Root:
        """The root of one failure, given by its id."""
        return self._of_groups.roots(((failure,),))[0]

    def chains(self, *groups: Group) -> tuple[ExceptionInfo, ...]:
        """All exceptions of the failures of these groups, the wrapping ones included, most frequent first."""
        return tuple(info for failure in self._failure_ids(*groups) for info in self.failures[failure].chain)

    def failures_of(self, *groups: Group) -> tuple[Failure, ...]:
        """The failures of these groups, most frequent first."""
        return tuple(self.failures[failure] for failure in self._failure_ids(*groups))

    def spots(self, *groups: Group) -> tuple[Location, ...]:
        """The places of these groups: their frames, else the lines of their tests, else their files."""
        frames = self.frames(*groups)
        if frames:
            return tuple(dict.fromkeys(Location(frame.path, frame.line, "raised") for frame in frames))
        tests = (Location(test.path, test.line or 1, "test" if test.line else "file") for test in self.results(*groups))
        files = (Location(path, 1, "file") for group in groups for path in group.files)
        return (*dict.fromkeys(tests), *dict.fromkeys(files))

    def _failure_ids(self, *groups: Group) -> Sequence[str]:
        return self._of_groups.ids(tuple(group.failure_ids for group in groups))

    @cached_property
    def _results(self) -> dict[str, TestResult]:
        return {result.nodeid: result for result in self.suite.results}

    @cached_property
    def _of_groups(self) -> GroupFailures:
        return GroupFailures(self.suite, self.failures)


def _by(things: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """The things under what they have in common, in their order."""
    found: dict[str, list[T]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return found


def saying(groups: Sequence[Group], pattern: re.Pattern[str]) -> Iterator[tuple[Group, re.Match[str]]]:
    """The groups whose root message matches."""
    for group in groups:
        if found := pattern.search(group.signature.message):
            yield group, found


def in_category(groups: Sequence[Group], key: CategoryKey) -> tuple[Group, ...]:
    """The groups of a category."""
    return tuple(group for group in groups if is_in(group, key))


def is_in(group: Group, *keys: CategoryKey) -> bool:
    """Whether a group is in one of these categories."""
    return group.category in keys
