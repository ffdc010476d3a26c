"""Facts as pandas frames, for the notebooks: one row a fact, readable column names, sensible dtypes."""

from kit.frames.cases import cause_ages, trend
from kit.frames.causes import categories, causes, groups
from kit.frames.details import (
    before_and_after,
    cause_changes,
    evidence,
    history,
    neighbours,
    places,
    stages,
    test_changes,
    traceback,
)
from kit.frames.fixes import fix_ladder, fix_options, recommended_patch
from kit.frames.inventory import (
    chain_ends,
    chains,
    collisions,
    cycles,
    fans,
    findings,
    importers,
    mapped_classes,
    prediction,
    scores,
    unconfigurable,
)
from kit.frames.suite import coverage, flaky, functions, outcomes, rechecks, tests, uncollectable, warnings

__all__ = [
    "before_and_after",
    "categories",
    "cause_ages",
    "cause_changes",
    "causes",
    "chain_ends",
    "chains",
    "collisions",
    "coverage",
    "cycles",
    "evidence",
    "fans",
    "findings",
    "fix_ladder",
    "fix_options",
    "flaky",
    "functions",
    "groups",
    "history",
    "importers",
    "mapped_classes",
    "neighbours",
    "outcomes",
    "places",
    "prediction",
    "rechecks",
    "recommended_patch",
    "scores",
    "stages",
    "test_changes",
    "tests",
    "traceback",
    "trend",
    "uncollectable",
    "unconfigurable",
    "warnings",
]
