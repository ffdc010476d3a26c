"""The facts of a case, joined: which cause and which group a test belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kit.facts.case import CaseFacts
from kit.facts.failures import Category, Group
from kit.facts.suite import Accounting, SuiteFacts
from kit.report.anchors import anchor
from kit.wire.short_ids import short_id

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.inventory import Collision


@dataclass(frozen=True)
class Joined:
    """A case and the look-ups that every part of the report needs. Tests are node ids; uncollectable files paths."""

    facts: CaseFacts

    @cached_property
    def accounting(self) -> Accounting | None:
        """The outcomes, counted; ``None`` when the suite was not run."""
        return self.facts.suite.accounting if self.facts.suite else None

    def runnable(self, nodeid: str) -> tuple[str, ...]:
        """What names a test in a command: its node id, or its short id where that is masked."""
        return self.facts.suite.runnable(nodeid) if self.facts.suite else (nodeid,)

    def short_ids(self) -> Iterator[str]:
        """The short ids of the tests, in the order of their results; masked node ids of several may look alike."""
        suite = self.facts.suite or SuiteFacts()
        masked = {
            nodeid: iter(suite.runnable(nodeid)) for nodeid in {test.nodeid for test in suite.tests if test.short_id}
        }
        for result in suite.results:
            yield next(masked.get(result.nodeid, iter(())), "") or short_id(result.nodeid)

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Ranked causes; empty when none is named or they were not looked for."""
        return self.facts.causes or ()

    @cached_property
    def commits(self) -> dict[str, str]:
        """The commit that brought a cause, in words, by the cause's id; without those that were not searched for."""
        ages = self.facts.trend.causes if self.facts.trend else ()
        return {age.cause: age.introduced.in_words for age in ages if age.introduced}

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups of failures, largest first."""
        return self.facts.grouping.groups if self.facts.grouping else ()

    @property
    def collisions(self) -> tuple[Collision, ...]:
        """Collisions: those that are there now first, then the waiting ones."""
        found = self.facts.inventory.collisions if self.facts.inventory else ()
        return tuple(sorted(found, key=lambda collision: collision.loaded is False))

    @cached_property
    def cause_by_id(self) -> dict[str, Cause]:
        """Causes by their id."""
        return {cause.id: cause for cause in self.causes}

    @cached_property
    def group_by_id(self) -> dict[str, Group]:
        """Groups by their id."""
        return {group.id: group for group in self.groups}

    @cached_property
    def cause_of_test(self) -> dict[str, str]:
        """Node id, or path of an uncollectable file, to the id of its cause; the higher ranked cause wins."""
        found: dict[str, str] = {}
        for cause in self.causes:
            for name in (*cause.tests, *cause.uncollectable):
                found.setdefault(name, cause.id)
        return found

    @cached_property
    def cause_of_group(self) -> dict[str, str]:
        """Group id to the id of the cause that explains it."""
        found: dict[str, str] = {}
        for cause in self.causes:
            for group in cause.groups:
                found.setdefault(group, cause.id)
        return found

    @cached_property
    def categories(self) -> dict[str, Category]:
        """Categories that occur, by their key."""
        grouping = self.facts.grouping
        return {category.key: category for category, _ in grouping.categories} if grouping else {}

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Every anchor of a cause, collision, finding, group and category that the page has."""
        inventory = self.facts.inventory
        return frozenset(
            anchor(kind, identity)
            for kind, identities in (
                ("cause", self.cause_by_id),
                ("group", self.group_by_id),
                ("category", self.categories),
                ("collision", [collision.id for collision in self.collisions]),
                ("finding", [finding.id for finding in inventory.findings] if inventory else []),
            )
            for identity in identities
        )

    def group_of(self, name: str) -> Group | None:
        """The group of a test's (or uncollectable file's) failure."""
        grouping = self.facts.grouping
        return self.group_by_id.get(grouping.group_of.get(name, "")) if grouping else None

    def category_title(self, key: str) -> str:
        """A category's name for people; its key where it is not known."""
        category = self.categories.get(key)
        return category.title if category else key

    def hidden_by(self, cause: Cause) -> tuple[Cause, ...]:
        """The causes that cannot be seen as long as ``cause`` is there."""
        return tuple(other for other in self.causes if other.hidden_behind == cause.id)


def group_title(group: Group) -> str:
    """``OperationalError: index … already exists``: the root exception and its parameterised message."""
    signature = group.signature
    return f"{signature.exception}: {signature.message}" if signature.message else signature.exception
