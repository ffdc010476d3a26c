"""What a stage came to, in a few lines for the terminal."""

from __future__ import annotations

from kit.facts.case import CaseFacts, Part
from kit.facts.causes import Cause
from kit.facts.counting import causes_of_most, import_places
from kit.facts.fixes import FixFacts
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted

#: more causes than these need a word about how many of them matter
_ONE_SCREEN = 10

#: what :func:`summary` reads of the facts of a case, by stage
PARTS_OF: dict[str, tuple[Part, ...]] = {
    "mapper_registry": ("inventory",),
    "import_graph": ("inventory",),
    "test_batches": ("suite",),
    "failure_categories": ("diagnosis",),
    "fix_trials": ("fixes",),
    "incident_report": ("diagnosis",),
}


def summary(facts: CaseFacts, stage: str) -> tuple[str, ...]:
    """What a stage found, in a line of counts and, once they are known, the first causes; or why it failed."""
    recorded = next((s for s in facts.stages if s.name == stage), None)
    if recorded is None or recorded.outcome != "done":
        return (f"failed: {recorded.error if recorded else 'it never began'}",)
    causes = _first_causes(facts.causes or ()) if stage == "failure_categories" else ()
    problems = [facts.suite.problem] if stage == "test_batches" and facts.suite and facts.suite.problem else []
    return (" · ".join([*_counts(facts, stage), f"{recorded.seconds:.1f} s"]), *problems, *causes)


def _counts(facts: CaseFacts, stage: str) -> tuple[str, ...]:
    if stage == "mapper_registry" and facts.inventory:
        return _mappers(facts.inventory)
    if stage == "import_graph" and facts.inventory:
        return _imports(facts.inventory)
    if stage == "test_batches" and facts.suite:
        return _tests(facts.suite)
    if stage == "failure_categories" and facts.grouping and facts.causes is not None:
        return (counted(len(facts.grouping.groups), "group"), _number(facts.causes))
    if stage == "fix_trials" and facts.fixes:
        return _fixes(facts.fixes)
    return ("done",)


def _number(causes: tuple[Cause, ...]) -> str:
    few, told = causes_of_most(causes), counted(len(causes), "cause")
    if len(causes) <= _ONE_SCREEN or few == len(causes):
        return told
    return f"{told}, {few:,} of which {'stands' if few == 1 else 'stand'} for 95 % of the failures"


def _mappers(inventory: InventoryFacts) -> tuple[str, ...]:
    return (
        counted(len(inventory.mapped_classes), "mapped class"),
        counted(len(inventory.collisions), "collision"),
        counted(len(inventory.findings), "finding"),
    )


def _imports(inventory: InventoryFacts) -> tuple[str, ...]:
    places = import_places(inventory.importers)
    modules = {place.module for place in places}
    return (
        counted(inventory.files, "file"),
        f"{counted(len(places), 'importer')} of {counted(len(modules), 'module')}",
    )


def _tests(suite: SuiteFacts) -> tuple[str, ...]:
    counts, errors = suite.accounting, len(suite.collection_errors)
    told = (counted(counts.collected, "test"), f"{counts.passed:,} passed", f"{counts.bad:,} failing")
    return (*told, f"{counted(errors, 'file')} not collected") if errors else told


def _fixes(fixes: FixFacts) -> tuple[str, ...]:
    told = (counted(len(fixes.options), "option"), counted(len(fixes.layers), "fix that helps", "fixes that help"))
    if not fixes.layers:
        return (*told, *fixes.problems[:1])
    passed, collected = fixes.in_the_end
    return (*told, f"with all of them {passed:,} of {counted(collected, 'test')} pass")


def _first_causes(causes: tuple[Cause, ...], most: int = 5) -> tuple[str, ...]:
    lines = tuple(f"{_extent(cause):>15}  {cause.placed_title}" for cause in causes[:most])
    return (*lines, f"{'and':>15}  {len(causes) - most} more") if len(causes) > most else lines


def _extent(cause: Cause) -> str:
    if cause.waiting:
        return f"{cause.waiting:,} wait for"
    if cause.tests or not cause.uncollectable:
        return counted(cause.tests_blocked, "test")
    return counted(len(cause.uncollectable), "file")
