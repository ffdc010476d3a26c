"""Remembers which changed states made no difference to which tests, by the contents of the files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

from kit.facts.outcomes import BAD
from kit.facts.suite import TestResult
from kit.suite.run.state_log import LoggedChange, Look

#: change it with the rules by which answers are found: an answer that other rules gave does not count
_RULES = b"5"

#: how many answers are kept, beside one for each test
_MOST = 20_000


class StateMemory:
    """What earlier runs have settled, and what this one adds.

    An answer holds for a state, a file of polluters and a file of suspects, as long as neither these files nor the
    modules of the app change. As long as no file changes at all, what a test did in plain order holds for every state.
    """

    def __init__(
        self,
        root: Path,
        files: Sequence[str],
        modules: Mapping[str, str],
        settled: Collection[int],
        results: Sequence[TestResult],
        failing_alone: Collection[int] = (),
    ) -> None:
        """``files`` are those of the tests, relative to the scratch copy at ``root``, and ``results`` what the tests
        did in this run; ``modules`` are the imported modules with their paths. The tests ``failing_alone`` fail
        whatever others have changed.
        """
        self._root, self._files, self._known = root, files, frozenset(settled)
        self._results, self._failing_alone = results, failing_alone
        self._contents: dict[str, bytes] = {}
        self._modules = modules
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

    @cached_property
    def _app(self) -> bytes:
        """Stands for the contents of all own modules but those of the tests."""
        tests = {str(self._root / path) for path in self._files}
        app = sorted(path for path in self._modules.values() if path not in tests)
        return hashlib.sha1(b"".join(map(self._digest, app)), usedforsecurity=False).digest()

    @cached_property
    def _tests(self) -> bytes:
        """Stands for the contents of all files of tests."""
        return hashlib.sha1(b"".join(map(self._digest, sorted({*self._files}))), usedforsecurity=False).digest()

    @cached_property
    def _fails(self) -> bool:
        """Whether a test of this run fails, and perhaps because of others: kit looks closer at such a run."""
        failing = (index for index, result in enumerate(self._results) if result.outcome in BAD)
        return any(index not in self._failing_alone for index in failing)

    @cached_property
    def _outcomes(self) -> bytes:
        """Stands for what all tests did."""
        told = sorted(f"{result.outcome} {result.nodeid}" for result in self._results)
        return hashlib.sha1("\n".join(told).encode("utf-8", "replace"), usedforsecurity=False).digest()

    def _harmless_keys(self, look: Look, names: tuple[str, ...]) -> set[int]:
        told = self._tests, self._outcomes, "\n".join(names).encode("utf-8", "replace")
        return {self._key(b"names", *told, self._digest(path)) for path in {self._files[one] for one in look.tests}}

    def _in_order(self, test: int) -> int:
        if test not in self._keys_in_order:
            result = self._results[test]
            name, outcome = result.nodeid.encode("utf-8", "replace"), result.outcome.encode()
            self._keys_in_order[test] = self._key(self._tests, name, outcome)
        return self._keys_in_order[test]

    def _keys(self, look: Look, change: LoggedChange, suspect: int) -> frozenset[int]:
        file, state = self._files[suspect], lasting(change.path)
        asked = id(look), state, file
        if asked not in self._keys_between:
            named, seen = state.encode("utf-8", "replace"), self._digest(file)
            polluters = {self._files[index] for index in look.tests}
            self._keys_between[asked] = (
                look,
                frozenset(self._key(named, self._digest(path), seen) for path in polluters),
            )
        return self._keys_between[asked][1]

    def _key(self, *parts: bytes) -> int:
        digest = hashlib.sha1(b"\0".join([_RULES, self._app, *parts]), usedforsecurity=False).digest()
        return int.from_bytes(digest[:6], "big")

    def _digest(self, path: str) -> bytes:
        if path not in self._contents:
            try:
                content = (self._root / path).read_bytes()
            except OSError:
                content = b""
            name = self._name(path).encode("utf-8", "surrogateescape")
            self._contents[path] = hashlib.sha1(name + content, usedforsecurity=False).digest()
        return self._contents[path]

    def _name(self, path: str) -> str:
        """The path of a file as a later run has it, too: each run may have a scratch copy elsewhere."""
        return path.removeprefix(f"{self._root}{os.sep}")


def lasting(path: str) -> str:
    """The path of a state as a later run has it, too: most files in the temporary folder have names that were drawn."""
    kind, _, rest = path.partition(" ")
    return "a temporary file" if kind == "file" and Path(rest).is_absolute() else path
