"""From facts to causes: detectors look at the groups of failures in turn, then steps join and order what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from kit import inventory as inventory_room
from kit.causes.detectors import detectors
from kit.causes.scene.scene import Scene, no_source
from kit.causes.steps.alone import check_with_the_others
from kit.causes.steps.competing import FIT_ALL, Claim, claims, follow, name_rivals
from kit.causes.steps.drifting import tell_moves
from kit.causes.steps.echoes import attach, find_echoes
from kit.causes.steps.folding import fold
from kit.causes.steps.hidden import uncover
from kit.causes.steps.joining import join
from kit.causes.steps.linking import link_findings
from kit.causes.steps.notes import without_notes
from kit.causes.steps.ranking import rank
from kit.causes.steps.waiting import count_behind
from kit.causes.upgrades.table import breakages
from kit.facts.causes import Cause
from kit.facts.failures import Grouping
from kit.facts.garbage import collector_off
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.facts.upgrades import NO_ENVIRONMENT, Environment


def find_causes(
    inventory: InventoryFacts | None,
    suite: SuiteFacts | None,
    grouping: Grouping | None,
    *,
    loads: Callable[[], Mapping[str, frozenset[str]]] = dict,
    source: Callable[[], inventory_room.Declarations] = no_source,
    environment: Environment = NO_ENVIRONMENT,
) -> tuple[Cause, ...]:
    """Name the causes, the one to fix first in front. A part that is ``None`` was not looked at. ``loads`` tells, when
    something stays unexplained, which modules each test file imports: paths, directly or not. ``source`` answers, when
    a detector asks, what the source declares; ``environment`` is what the target runs in.

    Every group, and with it every bad test, belongs to exactly one cause; what else would explain it is named in the
    evidence. No cause is more than ``consistent``: only a trial confirms.
    """
    with collector_off():
        return _named(inventory, suite, grouping, loads, source, environment)


def import_all() -> None:
    """Import every detector and every entry of the table of upgrades, before other processes are forked from this one:
    they are hundreds of modules.
    """
    detectors()
    breakages()


def _named(
    inventory: InventoryFacts | None,
    suite: SuiteFacts | None,
    grouping: Grouping | None,
    loads: Callable[[], Mapping[str, frozenset[str]]],
    source: Callable[[], inventory_room.Declarations],
    environment: Environment,
) -> tuple[Cause, ...]:
    categories = {category.key: category for category, _ in grouping.categories} if grouping else {}
    scene = Scene(inventory or InventoryFacts(files=0), suite or SuiteFacts(), categories, loads, source, environment)
    causes: list[Cause] = []
    owners: dict[str, Cause] = {}
    contested: list[Claim] = []
    every = grouping.groups if grouping else ()
    echoes = find_echoes(every, scene)
    repeating = {echo.group.id for echo in echoes}
    groups = [group for group in every if group.id not in repeating]
    for detector in detectors():
        left = [group for group in groups if group.id not in owners]
        found = tuple(_distinct(without_notes(detector.find(scene, left), scene), causes))
        taken = [group for group in groups if group.id in owners]
        if taken and detector.kind not in FIT_ALL:
            contested += claims(detector.find(scene, taken), owners)
        owners |= {group: cause for cause in found for group in cause.groups}
        causes += found
    fewer, gone = join(attach(causes, echoes), every, scene)
    linked = name_rivals(list(tell_moves(link_findings(fewer, scene), every, scene)), follow(contested, gone))
    named = fold(rank(count_behind(uncover(linked, scene), scene), scene))
    return tuple(check_with_the_others(named, scene.suite))


def _distinct(found: Iterable[Cause], known: Iterable[Cause]) -> Iterator[Cause]:
    """The causes, each with an id that no other one has: of two with the same id, the later one would be lost."""
    ids = {cause.id for cause in known}
    for cause in found:
        own = cause if cause.id not in ids else replace(cause, id=f"{cause.id}:{next(iter(cause.groups), len(ids))}")
        ids.add(own.id)
        yield own
