"""What is known of the units that tests have run, from all runs of an app.

A unit is known by its file, its name and its digest, so what is recorded about a function that has changed since does
not count any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from kit.suite.select.gathering import Gathered, Place
from kit.suite.select.source_facts import Digest, FileDigests
from kit.suite.select.tree_facts import Seen, TreeFacts
from kit.suite.select.unit_sets import NO_UNITS, UnitSet

#: raised when what is kept, or how digests are made, changes
FORMAT = 5

#: how many states of the tree are kept: tests of older runs count as never recorded
_MOST_STATES = 12

#: file, name and digest; without a name the text of the file, without a file all that may run
Known = tuple[str, str, Digest]


class TestRecord(msgspec.Struct, frozen=True, array_like=True):
    """What a test ran (a number in ``Record.sets``), in which state of the tree, and whether it was in order."""

    units: int
    state: int
    fine: bool


class Stored(msgspec.Struct, frozen=True):
    """A record as it is written."""

    units: list[Known]
    sets: list[dict[int, bytes]]
    facts: list[FileDigests]
    states: list[dict[str, int]]
    tests: dict[str, TestRecord]
    during: dict[int, list[str]]
    edges: list[tuple[str, str]]
    seen: list[str]
    unseen: list[str]
    known: dict[str, tuple[int, int, int]]


@dataclass
class Record:
    """``tests`` has for each test its units, and the state of the tree in which it ran; ``states`` are the
    files of each state. ``during``: by file and name of a unit the files during whose import it ran.
    """

    units: list[Known] = field(default_factory=list)
    tests: dict[str, tuple[UnitSet, int, bool]] = field(default_factory=dict)
    states: list[dict[str, FileDigests]] = field(default_factory=list)
    during: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    edges: frozenset[tuple[str, str]] = frozenset()
    seen: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    known: dict[str, Seen] = field(default_factory=dict)

    def learn(self, tree: TreeFacts, gathered: Gathered, ran: Iterable[tuple[int, str, bool]]) -> Record:
        """The record after a run. ``tree`` is what ran; ``ran`` are the tests with an outcome: their index, node id and
        whether they are in order.
        """
        names = {(path, unit.line): name for path, facts in tree.files.items() for name, unit in facts.units.items()}
        numbers = {one: number for number, one in enumerate(self.units)}
        units = list(self.units)

        def number_of(place: Place) -> int:
            known = _known(place, names, tree)
            if known not in numbers:
                numbers[known] = len(units)
                units.append(known)
            return numbers[known]

        current = self.units_in(tree)
        states = [*self.states, tree.files]
        tests = dict(self.tests)
        sets: dict[UnitSet, UnitSet] = {}  # many tests have run the same
        for index, nodeid, is_fine in ran:
            before = tests.pop(nodeid, (NO_UNITS, 0, True))[0] & current
            if index in gathered.of_test:
                own = before | UnitSet.of(map(number_of, gathered.of_test[index]))
                tests[nodeid] = (sets.setdefault(own, own), len(states) - 1, is_fine)
            elif not is_fine:  # a crash or a time-out took its worker along; one that passed unseen is not recorded
                tests[nodeid] = (NO_UNITS, len(states) - 1, False)
        during = {key: files for key, files in self.during.items() if key[0] in tree.files}
        for place, files in gathered.during.items():
            path, name, _ = _known(place, names, tree)
            during[path, name] = during.get((path, name), frozenset()) | files
        record = Record(
            units,
            tests,
            states,
            during,
            frozenset(edge for edge in self.edges | gathered.edges if edge[0] in tree.files),
            (self.seen | gathered.seen) & tree.files.keys(),
            (self.unseen - gathered.seen | gathered.unseen) & tree.files.keys(),
            tree.seen,
        )
        return record._compact()

    @property
    def reads_text(self) -> bool:
        """Whether a test reads a file of the app as text."""
        return any(path and not name for path, name, *_ in (*self.units, *self.during))

    def confirm(self, nodeids: Iterable[str], tree: TreeFacts) -> None:
        """These tests do in this state of the tree what they did before; forget the tests whose files are gone."""
        self.states.append(tree.files)
        for nodeid in nodeids:
            own, _, is_fine = self.tests[nodeid]
            self.tests[nodeid] = own, len(self.states) - 1, is_fine
        self.known = tree.seen
        self._compact()

    def _compact(self) -> Record:
        """Without states and units that no test has any more."""
        used = sorted({state for _, state, _ in self.tests.values()})[-_MOST_STATES:]
        place = {state: number for number, state in enumerate(used)}
        tests = {name: (own, place[state], fine) for name, (own, state, fine) in self.tests.items() if state in place}
        kept = list(UnitSet.joined(own for own, _, _ in tests.values()))
        if len(kept) < len(self.units) / 2:
            tests = _renumbered(tests, kept)
            self.units = [self.units[number] for number in kept]
        self.tests, self.states = tests, [self.states[state] for state in used]
        return self

    def units_in(self, tree: TreeFacts) -> UnitSet:
        """The units that are in this state of the tree what they were."""
        return UnitSet.of(number for number, unit in enumerate(self.units) if is_current(unit, tree))

    def encode(self) -> bytes:
        """The record as it is written."""
        sets: dict[UnitSet, int] = {}
        facts: dict[Digest, int] = {}
        every: list[FileDigests] = []

        def number_of_facts(one: FileDigests) -> int:
            if one.text not in facts:
                facts[one.text] = len(every)
                every.append(one)
            return facts[one.text]

        states = [{path: number_of_facts(one) for path, one in state.items()} for state in self.states]
        known = {path: (one.size, one.changed_ns, number_of_facts(one.facts)) for path, one in self.known.items()}
        tests = {
            name: TestRecord(sets.setdefault(own, len(sets)), state, fine)
            for name, (own, state, fine) in self.tests.items()
        }
        number_of = {one[:2]: number for number, one in enumerate(self.units)}
        extra = [key for key in self.during if key not in number_of]
        units = [*self.units, *((path, name, b"") for path, name in extra)]
        number_of |= {key: len(self.units) + at for at, key in enumerate(extra)}
        stored = Stored(
            units,
            [own.encoded() for own in sets],
            every,
            states,
            tests,
            {number_of[key]: sorted(files) for key, files in self.during.items()},
            sorted(self.edges),
            sorted(self.seen),
            sorted(self.unseen),
            known,
        )
        return msgspec.msgpack.encode(stored)

    @classmethod
    def decode(cls, data: bytes) -> Record:
        """The record that was written. Raises :class:`msgspec.DecodeError`."""
        stored = msgspec.msgpack.decode(data, type=Stored)
        states = [{path: stored.facts[number] for path, number in state.items()} for state in stored.states]
        sets = [UnitSet.decoded(one) for one in stored.sets]
        return cls(
            list(stored.units),
            {name: (sets[one.units], one.state, one.fine) for name, one in stored.tests.items()},
            states,
            {stored.units[number][:2]: frozenset(files) for number, files in stored.during.items()},
            frozenset(stored.edges),
            frozenset(stored.seen),
            frozenset(stored.unseen),
            {path: Seen(size, ns, stored.facts[number]) for path, (size, ns, number) in stored.known.items()},
        )


def is_current(unit: Known, tree: TreeFacts) -> bool:
    """Whether the tree has this unit as it was when it ran."""
    path, name, digest = unit
    if not path:
        return digest == tree.digest
    facts = tree.files.get(path)
    if facts is None:
        return False
    if not name:
        return digest == facts.text
    found = facts.units.get(name)
    return found is not None and found.digest == digest


def _known(place: Place, names: Mapping[Place, str], tree: TreeFacts) -> Known:
    path = place[0]
    facts = tree.files.get(path)
    if not path or facts is None:
        return "", "", tree.digest
    name = names.get(place, "")  # a line at which no unit begins: the whole text counts
    return (path, name, facts.units[name].digest) if name else (path, "", facts.text)


def _renumbered(
    tests: Mapping[str, tuple[UnitSet, int, bool]], kept: list[int]
) -> dict[str, tuple[UnitSet, int, bool]]:
    place = {number: at for at, number in enumerate(kept)}
    return {
        name: (UnitSet.of(place[number] for number in own), state, fine) for name, (own, state, fine) in tests.items()
    }
