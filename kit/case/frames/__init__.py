"""Facts as pandas frames, for the notebooks: one row a fact, readable column names, sensible dtypes."""

from kit.case.frames.causes import categories, causes, groups
from kit.case.frames.inventory import (
    chains,
    collisions,
    cycles,
    fans,
    findings,
    importers,
    mapped_classes,
    prediction,
    scores,
)
from kit.case.frames.suite import coverage, outcomes, tests, uncollectable, warnings

__all__ = [
    "categories",
    "causes",
    "chains",
    "collisions",
    "coverage",
    "cycles",
    "fans",
    "findings",
    "groups",
    "importers",
    "mapped_classes",
    "outcomes",
    "prediction",
    "scores",
    "tests",
    "uncollectable",
    "warnings",
]
