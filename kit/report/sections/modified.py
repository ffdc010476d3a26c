"""Each file that the recommended fixes change: what goes, what comes."""

from __future__ import annotations

from dataclasses import dataclass

from kit.report import commands
from kit.report.joined import Joined
from kit.report.kept import KeptFixes, kept_fixes
from kit.report.patches import ModifiedFile, modified_files
from kit.report.sections.missing import Missing


@dataclass(frozen=True)
class Modified:
    """``files`` in the order of the fixes; ``apply`` writes them into the real tree."""

    kept: KeptFixes
    files: tuple[ModifiedFile, ...]
    apply: str


def view(joined: Joined) -> Modified | Missing:
    """The files of the recommended patch."""
    kept = kept_fixes(joined)
    if kept is None or not kept.patch:
        return no_fix(joined)
    return Modified(kept, modified_files(kept.options), commands.apply(joined.facts.case))


def no_fix(joined: Joined) -> Missing:
    """Stands for a section that is about fixes where none was kept."""
    fixes, case = joined.facts.fixes, joined.facts.case
    if not joined.causes:
        return Missing("No cause is named, so there is nothing to fix.", commands.investigate(case))
    if fixes is None:
        return Missing("No fix was tried.", commands.investigate(case))
    if not fixes.options:
        return Missing("No cause of this case has a fix option.")
    return Missing(
        "No fix was kept: none that was tried unlocks a test without breaking one.", commands.investigate(case)
    )
