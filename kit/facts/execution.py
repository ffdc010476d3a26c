"""Which functions of the target the tests of a run have executed: what sets failing tests apart from passing ones."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExecutedFunction:
    """A function of the target that no other function contains. ``line`` is its first, that of a decorator too; the
    ``name`` of a method has its class in front. ``passing`` counts the passing tests that have executed it.
    """

    path: str
    line: int
    name: str
    passing: int = 0


@dataclass(frozen=True, slots=True)
class FailingTests:
    """The tests with one failure: how many have a record, and how many of them have executed each function, by its
    number in :attr:`Execution.functions`.
    """

    tests: int
    executed: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TestLines:
    """The lines of the target's functions that one test has run, by path; ``failure`` is the id of its failure, empty
    for one that passes.
    """

    __test__ = False

    failure: str
    files: dict[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Execution:
    """``functions`` are those that a failing test has executed, ``failing`` has the tests of each failure by its id;
    ``passing`` counts the passing tests that have a record. ``lines`` are those of a few tests, failing and passing.
    """

    functions: tuple[ExecutedFunction, ...] = ()
    passing: int = 0
    failing: dict[str, FailingTests] = field(default_factory=dict)
    lines: tuple[TestLines, ...] = ()
