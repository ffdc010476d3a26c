"""What kit sends to the probe that runs the target's pytest: one JSON object a line.

A probe imports this module for type checks only, so it costs a run nothing.
"""

from __future__ import annotations

from typing import List, Literal, Tuple, TypedDict, Union


class Fork(TypedDict):
    """Fork a child that works in ``slot``; a descriptor comes with it. ``view``: the folder for the changes of its
    overlay, ``""``: it has none. ``watches``: it watches the state that tests share.
    """

    do: Literal["fork"]
    slot: int
    stacks: str
    view: str
    watches: bool


class CollectFile(TypedDict):
    """Fork a process that collects this file (a path below the root) without the others; its connection comes along."""

    do: Literal["collect"]
    file: str


class Host(TypedDict):
    """Fork a process that is like a fresh one, for a run or for another probe; its connection and its output come
    with it.
    """

    do: Literal["host", "effects", "variables"]


class ReapChild(TypedDict):
    """Wait for a child that is dead."""

    do: Literal["reap"]
    pid: int


class ForSlot(TypedDict):
    """Let the suite's hooks prepare the worker in ``slot``, tell them that it has ended, or work as that worker."""

    do: Literal["prepare", "dismiss", "work"]
    slot: int


class EndSession(TypedDict):
    """Let pytest end as it always does."""

    do: Literal["end"]


class Batch(TypedDict):
    """The answer to :class:`Pull`: index and node id of each test; empty when there is no more."""

    batch: List[Tuple[int, str]]


class Stay(Batch):
    """No batch yet: run what is left, say so and wait. ``next`` is the test that is next in a plain run: what it needs
    stays set up.
    """

    next: Tuple[int, str]


class UnwatchedBatch(Batch):
    """A batch for a process that watches no state from then on, and keeps nothing from the collector. ``lines`` has
    the indexes of the tests of which kit wants to know the lines of the app that they run.
    """

    lines: List[int]


class StateBatch(Batch):
    """A batch for a process that finds out about states. ``names`` are states: report the tests that see each of them.
    ``seen`` are tests, by index, with the outcomes that they had: report the changed states that the code of each sees
    that ends otherwise now, or does not pass. ``restored`` are those of the tests that first run in a fork with all
    changed state put back; ``spare`` those that may run once more after this batch; ``apart`` those that had not seen
    what earlier tests of their own file change. ``each`` those after which to look at the states, as is done after each
    file.
    """

    names: List[List[str]]
    seen: List[Tuple[int, str]]
    restored: List[int]
    spare: List[int]
    apart: List[int]
    each: List[int]


class QuestionsWhileStaying(StateBatch):
    """A question about states for a process that stays (see :class:`Stay`): it answers, and waits again."""

    next: Tuple[int, str]


Command = Union[Fork, CollectFile, Host, ReapChild, ForSlot, EndSession]
