"""Frames of causes, categories and groups of failures."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kit.facts.case import Case
from kit.facts.causes import Cause
from kit.facts.counting import category_counts
from kit.facts.failures import Grouping
from kit.frames.frame import frame
from kit.report import next_step


def categories(grouping: Grouping) -> pd.DataFrame:
    """One row for each category that occurs: ``category``, ``tests``, ``files not collected``,
    ``share`` (of the failing tests, in percent), ``what to do``.
    """
    counts = category_counts(grouping)
    total = sum(counted.tests for counted in counts.values())
    return frame(
        [
            {
                "category": category.title,
                "tests": counts[category.key].tests,
                "files not collected": counts[category.key].files,
                # a category may hold only files that could not be collected, and they count no tests
                "share": round(100 * counts[category.key].tests / total, 1) if total else None,
                "what to do": category.advice,
            }
            for category, _ in grouping.categories
        ],
        ["category", "tests", "files not collected", "share", "what to do"],
    )


def groups(grouping: Grouping) -> pd.DataFrame:
    """One row for each group: ``tests``, ``files not collected``, ``category``, ``exception``, ``message``, ``frame``,
    ``example``, ``why``.
    """
    return frame(
        [
            {
                "tests": group.count,
                "files not collected": len(group.files),
                "category": group.category,
                "exception": group.signature.exception,
                "message": group.signature.message,
                "frame": group.signature.frame,
                "example": group.sample_tests[0] if group.sample_tests else None,
                "why": group.why,
            }
            for group in grouping.groups
        ],
        ["tests", "files not collected", "category", "exception", "message", "frame", "example", "why"],
        category=("category",),
    )


def causes(found: Iterable[Cause], case: Case | None = None) -> pd.DataFrame:
    """One row for each cause, the one to fix first on top: ``cause``, ``state``, ``tests blocked``, ``waiting``,
    ``files not collected``, ``where``, ``hidden behind``, ``next step``, whose command names the target of ``case``.
    """
    return frame(
        [
            {
                "cause": cause.title,
                "state": cause.state,
                "tests blocked": cause.tests_blocked,
                "waiting": cause.waiting,
                "files not collected": len(cause.uncollectable),
                "where": ", ".join(map(str, cause.locations)),
                "hidden behind": cause.hidden_behind,
                "next step": str(next_step(cause, case) if case else cause.next_step),
            }
            for cause in found
        ],
        ["cause", "state", "tests blocked", "waiting", "files not collected", "where", "hidden behind", "next step"],
        category=("state",),
        whole=("waiting",),
    )
