"""A category and a group of failures, with their questions as methods: from the family down to the test."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit import frames
from kit.facts.counting import category_counts
from kit.facts.failures import Category as CategoryFact
from kit.facts.failures import Group as GroupFact
from kit.facts.failures import Grouping
from kit.facts.wording import counted
from kit.session import showing
from kit.session.asking import Asked
from kit.session.charts import Bars, Series
from kit.session.reader import CaseReader
from kit.session.reruns import rerun
from kit.session.result import Result, Things
from kit.session.tests import Test, tests_of

_NOTHING = Grouping((), (), {})


@dataclass(frozen=True, eq=False, repr=False)
class Group(Asked):
    """Failures that share their root exception, message and place.

    case.groups[0].tests()[0].output()
    """

    reader: CaseReader
    fact: GroupFact

    def tests(self) -> Things[Test]:
        """The tests that fail so.

        case.groups[0].tests()
        """
        found = tests_of(self.reader, self.fact.tests, "that fail so")
        return replace(
            found, answer=f"{found.answer.rstrip('.')}: {self!r}", notes=(self.fact.why,) if self.fact.why else ()
        )

    def rerun(self, most: int = 20) -> Result:
        """Run its tests again on the tree as it is now, at most ``most`` of them (0: all): before and after.

        case.groups[0].rerun()
        """
        return rerun(self.reader, [*self.fact.tests, *self.reader.runnable(self.fact.files)], most)

    def _repr_html_(self) -> str:
        ask = "Ask it for `.tests()` or `.rerun()`."
        return showing.page(showing.paragraph(f"{self!r}", "a"), showing.paragraph(ask, "n"))

    def __repr__(self) -> str:
        signature = self.fact.signature
        return (
            f"{signature.exception}: {signature.message.partition(chr(10))[0]}"
            if signature.message
            else signature.exception
        )


@dataclass(frozen=True, eq=False, repr=False)
class Category(Asked):
    """A family of failures.

    case.categories[0].groups()
    """

    reader: CaseReader
    fact: CategoryFact

    def groups(self) -> Things[Group]:
        """The groups of it, the largest first.

        case.categories[0].groups()[0].tests()
        """
        return groups(self.reader, self.fact)

    def _repr_html_(self) -> str:
        advice = showing.paragraph(f"What to do: {self.fact.advice}")
        return showing.page(
            showing.paragraph(self.fact.title, "a"),
            showing.paragraph(self.fact.meaning),
            advice,
            showing.paragraph("Ask it for `.groups()`.", "n"),
        )

    def __repr__(self) -> str:
        return f"{self.fact.title}: {self.fact.meaning}"


def groups(reader: CaseReader, category: CategoryFact | None = None) -> Things[Group]:
    """The groups of failures, the largest first; of one category when it is given."""
    grouping = reader.facts.grouping or _NOTHING
    found = tuple(one for one in grouping.groups if category is None or one.category == category.key)
    rows = tuple((repr(Group(reader, one)), (float(one.count or len(one.files)),)) for one in found)
    where = f" in {category.title}" if category else ""
    bars = Bars(f"Groups of failures{where}", rows, (Series("tests", "failed"),))
    answer = (
        f"{counted(len(found), 'group')} of failures{where}: in a group, all share root exception, message and place."
    )
    return Things(
        answer if found else f"There is no group of failures{where}.",
        frames.groups(replace(grouping, groups=found)),
        frames.groups,
        shown=("tests", "files not collected", "exception", "message", "frame"),
        missing=reader.missing("failure_categories"),
        chart=lambda: bars if len(rows) > 1 else None,
        document=lambda: reader.part("groups", "id", [one.id for one in found]),
        things=tuple(Group(reader, one) for one in found),
        names=tuple(repr(Group(reader, one)) for one in found),
        noun="group of failures",
        plural="groups of failures",
    )


def categories(reader: CaseReader) -> Things[Category]:
    """The families of failures, with their counts."""
    grouping = reader.facts.grouping or _NOTHING
    counts = category_counts(grouping)
    found = tuple(one for one, _ in grouping.categories)
    has_files = any(one.files for one in counts.values())
    series = (Series("tests", "failed"), Series("files not collected", "timed_out"))[: 1 + has_files]
    rows = tuple(
        (one.title, (float(counts[one.key].tests), float(counts[one.key].files))[: 1 + has_files]) for one in found
    )
    total = sum(one.tests for one in counts.values())
    answer = f"{counted(total, 'failing test')} in {counted(len(found), 'category', 'categories')}"
    if found:
        answer += f"; the largest is {found[0].title}, with {counts[found[0].key].tests:,}."
    elif reader.facts.grouping is None:
        answer = "No failure was explained yet."
    else:
        answer = "There is no failure to put into a category."
    return Things(
        answer,
        frames.categories(grouping),
        frames.categories,
        shown=("category", "tests", *(("files not collected",) if has_files else ()), "what to do"),
        missing=reader.missing("failure_categories"),
        chart=lambda: Bars("Failures by category", rows, series) if rows else None,
        document=lambda: reader.part("categories"),
        things=tuple(Category(reader, one) for one in found),
        names=tuple(one.title for one in found),
        ids=tuple(one.key for one in found),
        noun="category of failures",
        plural="categories of failures",
    )
