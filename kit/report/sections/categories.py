"""Failures by category, and each group with its distinct tracebacks."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.causes import Cause
from kit.facts.counting import CategoryCount, category_counts
from kit.facts.failures import Category, Failure, Group
from kit.report import commands
from kit.report.anchors import anchor
from kit.report.category_chart import category_chart
from kit.report.joined import Joined, group_title
from kit.report.sections.missing import Missing
from kit.report.traceback import FailureView, failure_view
from kit.report.wording import one_line, share

#: distinct tracebacks of one group mostly differ in the line of the test; and the page stays small
_SHOWN_PER_GROUP = 3
_SHOWN_IN_ALL = 150
_SAMPLES = 5


@dataclass(frozen=True)
class GroupView:
    """A group of failures; ``distinct`` tracebacks were recorded, of which ``failures`` are shown."""

    group: Group
    anchor: str
    title: str
    cause: Cause | None
    samples: tuple[str, ...]
    failures: tuple[FailureView, ...]
    distinct: int
    run: str


@dataclass(frozen=True)
class CategoryView:
    """A category with its groups, the largest first; ``files`` could not be collected because of it."""

    category: Category
    anchor: str
    tests: int
    files: int
    documentation: str | None
    groups: tuple[GroupView, ...]


@dataclass(frozen=True)
class Categories:
    """``tests`` and ``files`` are those in all of them."""

    categories: tuple[CategoryView, ...]
    tests: int
    files: int
    chart: Markup
    finding: str


def view(joined: Joined) -> Categories | Missing:
    """Categories by size, each with its groups."""
    grouping = joined.facts.grouping
    if grouping is None:
        return Missing("Failures were not grouped.", commands.run(joined.facts.case))
    if not grouping.categories:
        return Missing("No failure was recorded.")
    groups = _groups(joined)
    counts = category_counts(grouping)
    views = [_category(category, counts[category.key], groups) for category, _ in grouping.categories]
    views.sort(key=lambda one: -(one.tests + one.files))
    finding = _finding(views)
    return Categories(
        categories=tuple(views),
        finding=finding,
        tests=sum(one.tests for one in views),
        files=sum(one.files for one in views),
        chart=category_chart(
            [(one.category.title, one.tests + one.files) for one in views], finding, [one.anchor for one in views]
        ),
    )


def _finding(views: list[CategoryView]) -> str:
    """What the chart shows, in a sentence: ``The largest of 9 categories, A, has 99.0 % of the failures``."""
    sizes = [one.tests + one.files for one in views]
    if len(views) == 1:
        return f"All failures are in one category: {views[0].category.title}"
    part = share(sizes[0], sum(sizes))
    return f"The largest of {len(views)} categories, {views[0].category.title}, has {part} of the failures"


def _category(category: Category, counted: CategoryCount, groups: tuple[GroupView, ...]) -> CategoryView:
    link = category.documentation or ""
    return CategoryView(
        category=category,
        anchor=anchor("category", category.key),
        tests=counted.tests,
        files=counted.files,
        documentation=link if link.startswith(("https://", "http://")) else None,
        groups=tuple(one for one in groups if one.group.category == category.key),
    )


def _groups(joined: Joined) -> tuple[GroupView, ...]:
    recorded = _recorded(joined)
    left = _SHOWN_IN_ALL
    views = []
    for group in joined.groups:
        failures = [recorded[one] for one in dict.fromkeys(group.failure_ids) if one in recorded]
        shown = failures[: min(_SHOWN_PER_GROUP, left)]
        left -= len(shown)
        views.append(_group(joined, group, shown, len(failures)))
    return tuple(views)


def _recorded(joined: Joined) -> dict[str, Failure]:
    suite = joined.facts.suite
    if suite is None:
        return {}
    return {**suite.failures, **{error.failure.id: error.failure for error in suite.collection_errors}}


def _group(joined: Joined, group: Group, shown: list[Failure], distinct: int) -> GroupView:
    samples = group.sample_tests[:_SAMPLES]
    named = samples or group.files
    return GroupView(
        group=group,
        anchor=anchor("group", group.id),
        title=one_line(group_title(group), 240),
        cause=joined.cause_by_id.get(joined.cause_of_group.get(group.id, "")),
        samples=samples,
        failures=tuple(failure_view(failure) for failure in shown),
        distinct=distinct,
        run=commands.run(joined.facts.case, *joined.runnable(named[0])) if named else "",
    )
