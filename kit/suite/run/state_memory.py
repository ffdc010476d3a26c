"""Remembers which changed states made no difference to which tests, by the contents of the files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from kit.facts.outcomes import BAD
from kit.facts.suite import TestResult
from kit.suite.run.run_inputs import RunInputs
from kit.suite.run.state_log import LoggedChange, Look
from kit.wire.layout import FILE_STATE

#: how many answers are kept, beside one for each test
_MOST = 20_000


class StateMemory:
    """What earlier runs have settled, and what this one adds.

    An answer holds for a state, a file of polluters and a file of suspects, as long as these do not change, nor a file
    of tests before the suspects, nor one without tests. As long as no file changes at all, what a test did in plain
    order holds for every state.
    """

    def __init__(
        self,
        inputs: RunInputs,
        files: Sequence[str],
        settled: Collection[int],
        results: Sequence[TestResult],
        failing_alone: Callable[[], Collection[int]] = frozenset,
    ) -> None:
        """``inputs`` stand for what the tests could read. ``files`` are those of the tests, and ``results`` what the
        tests did in this run. ``failing_alone`` returns the tests that are known by now to fail whatever others have
        changed.
        """
        self._inputs, self._files, self._known = inputs, files, frozenset(settled)
        self._results, self._failing_alone = results, failing_alone
        self._bad = frozenset(index for index, result in enumerate(results) if result.outcome in BAD)
        self._about_names: set[int] = set()
        self._about_files: set[int] = set()
        self._keys_in_order: dict[int, int] = {}  # by test
        self._settled_in_order: set[int] = set()
        #: by look, state and file of suspects; the look is kept with them, so that no other one gets its ``id``
        self._keys_between: dict[tuple[int, str, str], tuple[Look, frozenset[int]]] = {}

    def is_settled(self, look: Look, change: LoggedChange, suspect: int) -> bool:
        """Whether a state that these tests change is known to make no difference to this test."""
        if not self._known:  # a first run asks this a million times
            return False
        if self._in_order(suspect) in self._known:
            return True
        return all(key in self._known for key in self._keys(look, change, suspect))

    def settle_in_order(self, tests: Iterable[int]) -> None:
        """Remember the tests that did in plain order what they did in this run."""
        self._settled_in_order.update(map(self._in_order, tests))

    def settle(self, look: Look, change: LoggedChange, suspects: Iterable[int], differing: Collection[int]) -> None:
        """Remember the files of suspects of which none has another outcome, as long as there is room for that."""
        if len(self._about_files) >= _MOST:  # a first run can find millions of them
            return
        victims = {self._files[index] for index in differing}
        for suspect in {self._files[index]: index for index in suspects}.values():
            if self._files[suspect] not in victims:
                self._about_files.update(self._keys(look, change, suspect))

    def is_harmless(self, look: Look, names: tuple[str, ...]) -> bool:
        """Whether an earlier run, in which every test did the same as in this one, has shown that states with these
        names make no difference where one of these tests changes them. Which of several files did is not known.
        """
        if not self._known or self._fails:
            return False
        known = self._known & self._harmless_keys(look, names)
        self._about_names |= known
        return bool(known)

    @property
    def are_all_settled(self) -> bool:
        """Whether every test has done what it does in plain order, as this run or an earlier one has shown: then no
        state makes a difference to any.
        """
        if self._fails:
            return False
        ran = (index for index, result in enumerate(self._results) if result.outcome != "not_run")
        return all(key in self._known or key in self._settled_in_order for key in map(self._in_order, ran))

    def settle_names(self, look: Look, names: tuple[str, ...]) -> None:
        """Remember that no test does anything else in plain order, whichever of these states it sees."""
        if not self._fails:
            self._about_names |= self._harmless_keys(look, names)

    def answers(self) -> list[int]:
        """All answers, of this run and of earlier ones. Where they are too many, those that spare most are kept: each
        test has one for all states, then come those about names, then those of this run about pairs of files.
        """
        every = self._known | self._settled_in_order
        if not every and not self._about_names and not self._about_files:
            return []
        in_order = every.intersection(map(self._in_order, range(len(self._results))))
        others = dict.fromkeys(key for kept in (self._about_names, self._about_files, every) for key in kept)
        return sorted({*in_order, *islice((key for key in others if key not in in_order), _MOST)})

    @property
    def _fails(self) -> bool:
        """Whether a test of this run fails, and perhaps because of others: kit looks closer at such a run."""
        return bool(self._bad) and not self._bad.issubset(self._failing_alone())

    @cached_property
    def _left_out(self) -> bytes:
        """Stands for the tests that did not run: what they change, no test has seen."""
        names = [result.nodeid for result in self._results if result.outcome == "not_run"]
        return hashlib.sha1("\n".join(names).encode("utf-8", "replace"), usedforsecurity=False).digest()

    @cached_property
    def _outcomes(self) -> bytes:
        """Stands for what all tests did."""
        told = sorted(f"{result.outcome} {result.nodeid}" for result in self._results)
        return hashlib.sha1("\n".join(told).encode("utf-8", "replace"), usedforsecurity=False).digest()

    def _harmless_keys(self, look: Look, names: tuple[str, ...]) -> set[int]:
        told = self._inputs.tests, self._outcomes, "\n".join(names).encode("utf-8", "replace")
        files = {self._files[one] for one in look.tests}
        return {self._inputs.key(b"names", *told, self._inputs.digest(path)) for path in files}

    @cached_property
    def _occurrences(self) -> list[bytes]:
        """How many tests before each one have its node id: a hook can have a test run twice."""
        seen: Counter[str] = Counter()
        found = []
        for result in self._results:
            found.append(str(seen[result.nodeid]).encode())
            seen[result.nodeid] += 1
        return found

    def _in_order(self, test: int) -> int:
        if test not in self._keys_in_order:
            result = self._results[test]
            name, outcome = result.nodeid.encode("utf-8", "replace"), result.outcome.encode()
            told = name, self._occurrences[test], outcome
            self._keys_in_order[test] = self._inputs.key(self._inputs.tests, self._left_out, *told)
        return self._keys_in_order[test]

    def _keys(self, look: Look, change: LoggedChange, suspect: int) -> frozenset[int]:
        file, state = self._files[suspect], lasting(change)
        asked = id(look), state, file
        if asked not in self._keys_between:
            named, seen = state.encode("utf-8", "replace"), self._inputs.up_to(file)
            polluters = {self._files[index] for index in look.tests}
            self._keys_between[asked] = (
                look,
                frozenset(self._inputs.key(named, self._inputs.digest(path), seen) for path in polluters),
            )
        return self._keys_between[asked][1]


def lasting(change: LoggedChange) -> str:
    """The path of a state as a later run has it, too: most files in the temporary folder have names that were drawn."""
    is_temporary = change.is_file and Path(change.path.removeprefix(FILE_STATE)).is_absolute()
    return "a temporary file" if is_temporary else change.path
