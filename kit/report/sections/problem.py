"""The symptom, the root cause behind it, what it hides, and the colliding classes side by side."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.causes import Cause
from kit.facts.failures import Failure, Frame, Group
from kit.facts.suite import SuiteFacts
from kit.report import commands, pictures
from kit.report.collisions import CollisionView, collision_view
from kit.report.joined import Joined
from kit.report.sections.causes import CauseCard, cause_card, seen_and_waiting
from kit.report.sections.missing import Missing
from kit.report.traceback import own_frame


@dataclass(frozen=True)
class ShownError:
    """The exact error as a test showed it. ``follow_on`` tests show another error that comes from this one, and this
    many ``files`` cannot be collected because of it.
    """

    group: Group
    error: Failure | None
    frame: Frame | None
    first_test: str | None
    tests: int
    first_hand: int
    files: int
    run_first: str

    @property
    def follow_on(self) -> int:
        """Tests that do not show the root error itself."""
        return self.tests - self.first_hand


@dataclass(frozen=True)
class Problem:
    """``hidden`` causes stand with their counts; ``pictures`` are the tables around collisions, by their ids."""

    symptom: ShownError | None
    cause: CauseCard | None
    hidden: tuple[tuple[Cause, str], ...]
    collisions: tuple[CollisionView, ...]
    pictures: dict[str, Markup]
    waiting: int


def view(joined: Joined) -> Problem | Missing:
    """The problem description: of the first cause, else of the largest group."""
    first = joined.causes[0] if joined.causes else None
    inventory, scan = joined.facts.inventory, commands.scan(joined.facts.case)
    if joined.facts.suite is None and inventory is None:
        return Missing("Neither the source nor the tests were looked at.", scan)
    symptom = _symptom(joined, first)
    if not (symptom or first or joined.collisions):
        return Missing("No failing test was recorded, and no cause is named.", "" if inventory else scan)
    collisions = tuple(collision_view(collision) for collision in joined.collisions)
    return Problem(
        symptom=symptom,
        cause=cause_card(joined, first, 1) if first else None,
        hidden=tuple((cause, seen_and_waiting(cause)) for cause in joined.hidden_by(first)) if first else (),
        collisions=collisions,
        pictures=pictures.of_collisions(joined.collisions, inventory.mapped_classes) if inventory else {},
        waiting=sum(one.collision.loaded is False for one in collisions),
    )


def _symptom(joined: Joined, cause: Cause | None) -> ShownError | None:
    suite = joined.facts.suite
    group = _group(joined, cause)
    if suite is None or group is None:
        return None
    tests = cause.tests if cause else group.tests or group.sample_tests
    first = _first_shown(suite, set(tests), group)
    error = next((suite.failures[one] for one in group.failure_ids if one in suite.failures), None)
    return ShownError(
        group=group,
        error=error or _collection_failure(suite, cause),
        frame=own_frame(error) if error else None,
        first_test=first,
        tests=cause.tests_blocked if cause else group.count,
        first_hand=cause.first_hand if cause else group.first_hand,
        files=len(cause.uncollectable if cause else group.files),
        run_first=commands.run(joined.facts.case, *joined.runnable(first)) if first else "",
    )


def _group(joined: Joined, cause: Cause | None) -> Group | None:
    """The largest group of the cause: groups are ranked by size."""
    if cause is None:
        return joined.groups[0] if joined.groups else None
    return next((group for group in joined.groups if group.id in cause.groups), None)


def _first_shown(suite: SuiteFacts, tests: set[str], group: Group) -> str | None:
    """The first test, in the order of the results, that shows it; one that shows it first-hand, where that is known."""
    direct = tests & {*group.tests, *group.sample_tests} or tests
    return next((result.nodeid for result in suite.results if result.nodeid in direct), None)


def _collection_failure(suite: SuiteFacts, cause: Cause | None) -> Failure | None:
    paths = set(cause.uncollectable) if cause else set()
    return next((error.failure for error in suite.collection_errors if error.path in paths), None)
