"""Causes that compete for the same tests. A test counts for one cause; the other is named with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kit.facts.causes import Cause, Evidence
from kit.facts.wording import counted

#: detectors that fit whatever fails at a place, and so would compete with everything
FIT_ALL = frozenset({"failure-group", "module-not-importable", "missing-attribute", "wrong-call"})
#: kinds of causes that repeat the error itself, as the registry gave it
_REPEATING = frozenset({"mapper-configuration"})


@dataclass(frozen=True)
class Claim:
    """``rival`` would explain groups that count for the cause ``owner``; ``tests`` of it are those of these groups."""

    owner: str
    rival: Cause
    tests: int


def claims(found: Iterable[Cause], owners: Mapping[str, Cause]) -> list[Claim]:
    """What these causes, found among groups that are explained already, claim of their owners (by group)."""
    return [
        Claim(owner.id, rival, len(set(rival.tests) & set(owner.tests)))
        for rival in found
        for owner in {owners[group].id: owners[group] for group in rival.groups if group in owners}.values()
        if owner.kind != rival.kind and rival.kind not in _REPEATING
    ]


def follow(made: Iterable[Claim], gone: Mapping[str, str]) -> list[Claim]:
    """The claims with the causes that took in those that are ``gone``; no cause is a rival of itself."""
    now = [replace(claim, owner=gone.get(claim.owner, claim.owner)) for claim in made]
    return [claim for claim in now if claim.owner != gone.get(claim.rival.id, claim.rival.id)]


def name_rivals(causes: Sequence[Cause], made: Sequence[Claim]) -> list[Cause]:
    """The causes with the evidence that another one fits some of their tests too, on both sides."""
    by_id = {cause.id: cause for cause in causes}
    told: dict[str, list[Evidence]] = {}
    for claim in made:
        extent = f"{counted(claim.tests, 'test')} of these" if claim.tests else "What cannot be collected here"
        place = next(iter(claim.rival.locations), None)
        anchor = f"#cause-{claim.rival.id}" if claim.rival.id in by_id else None
        text = f"{extent} may as well be due to another cause: {claim.rival.title}"
        told.setdefault(claim.owner, []).append(Evidence(text, place, anchor))
        if anchor:
            counts = f"{counted(claim.tests, 'test')} that" if claim.tests else "Files that"
            text = f"{counts} may be due to this too, and count for: {by_id[claim.owner].title}"
            told.setdefault(claim.rival.id, []).append(Evidence(text, anchor=f"#cause-{claim.owner}"))
    return [replace(one, evidence=(*one.evidence, *told[one.id])) if one.id in told else one for one in causes]
