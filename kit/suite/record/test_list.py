"""What the sessions of one attempt have collected."""

from __future__ import annotations

from collections import Counter

from kit.facts.suite import CollectedTest, CollectionError


class TestList:
    """The collected tests, and the files that could not be collected.

    Each session collects anew. When it has collected the whole suite, that replaces what earlier sessions collected;
    a session that ends before, or that collects chosen tests, adds to it: nothing that was known is lost.
    """

    __test__ = False  # pytest must not take this for a test class

    def __init__(self) -> None:
        self.of_session: list[CollectedTest] = []
        self._errors: list[CollectionError] = []
        self._earlier: tuple[list[CollectedTest], list[CollectionError]] = [], []
        self._replaces, self._is_whole = True, True
        self._places: dict[str, CollectedTest] = {}

    def begin(self, *, is_whole: bool) -> None:
        """A session begins."""
        self._earlier = self.tests, self.errors
        self.of_session, self._errors = [], []
        self._replaces, self._is_whole = False, is_whole

    def add(self, test: CollectedTest) -> None:
        """Take a test."""
        self.of_session.append(test)
        self._places[test.nodeid] = test

    def add_error(self, error: CollectionError) -> None:
        """Take a file that could not be collected."""
        self._errors.append(error)

    def complete(self) -> None:
        """The session has collected all that it was to collect."""
        self._replaces = self._is_whole

    def place(self, nodeid: str) -> CollectedTest | None:
        """The test of this node id, as it was collected last."""
        return self._places.get(nodeid)

    @property
    def is_whole(self) -> bool:
        """Whether the last session has collected the whole suite."""
        return self._replaces

    @property
    def tests(self) -> list[CollectedTest]:
        """The tests of all sessions, each as often as one session has collected it."""
        return self.of_session if self._replaces else joined_tests(self._earlier[0], self.of_session)

    @property
    def errors(self) -> list[CollectionError]:
        """The files that could not be collected."""
        return self._errors if self._replaces else joined_errors(self._earlier[1], self._errors, self.of_session)


def joined_tests(earlier: list[CollectedTest], later: list[CollectedTest]) -> list[CollectedTest]:
    """The ``earlier`` tests in their order, as they were collected ``later`` where they were, and then the new ones."""
    left: dict[str, list[CollectedTest]] = {}
    for test in reversed(later):
        left.setdefault(test.nodeid, []).append(test)
    kept = [left[test.nodeid].pop() if left.get(test.nodeid) else test for test in earlier]
    new = Counter({nodeid: len(tests) for nodeid, tests in left.items()})
    for test in reversed(later):  # of tests that share a node id, the last ones are new
        if new[test.nodeid] > 0:
            new[test.nodeid] -= 1
            kept.append(test)
    kept[len(earlier) :] = reversed(kept[len(earlier) :])
    return kept


def joined_errors(
    earlier: list[CollectionError], later: list[CollectionError], tests: list[CollectedTest]
) -> list[CollectionError]:
    """The errors of both; an ``earlier`` one is gone when its file was collected ``later``, as these ``tests`` show."""
    known = {error.path for error in later} | {test.path for test in tests}
    return [error for error in earlier if error.path not in known] + later
