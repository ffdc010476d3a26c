"""Every cause as a card: what, where, how many tests, and the evidence."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.causes import Cause, Evidence, NextStep
from kit.facts.failures import Group
from kit.facts.wording import counted
from kit.report import commands
from kit.report.anchors import anchor, evidence_href
from kit.report.joined import Joined
from kit.report.next_steps import next_step
from kit.report.sections import findings
from kit.report.sections.findings import Findings
from kit.report.sections.missing import Missing
from kit.report.status import impact_of

STATES = {
    "confirmed": "Confirmed: a trial showed it",
    "consistent": "Consistent: the facts fit and none contradicts; no trial was run",
    "unknown": "Unknown: the facts neither show nor exclude it",
}


@dataclass(frozen=True)
class CauseCard:
    """A cause with everything that its card shows; ``share`` is its part of the collected tests, 0 to 1, and ``came``
    the commit that brought it, where that was searched for.
    """

    cause: Cause
    rank: int
    anchor: str
    impact: str
    share: float
    state: str
    behind: Cause | None
    counts: str
    hidden: tuple[Cause, ...]
    groups: tuple[Group, ...]
    evidence: tuple[tuple[Evidence, str | None], ...]
    step: NextStep
    came: str

    @property
    def follow_on(self) -> int:
        """Blocked tests that show another error, which comes from this one."""
        return self.cause.tests_blocked - self.cause.first_hand


@dataclass(frozen=True)
class Causes:
    """``cards`` is ``None`` when causes were not looked for, ``findings`` when the source was not."""

    cards: tuple[CauseCard, ...] | None
    findings: Findings | None


def view(joined: Joined) -> Causes | Missing:
    """All causes in their order, and what the source says by itself."""
    found = findings.view(joined)
    if joined.facts.causes is None and found is None:
        return Missing("Causes were not looked for.", commands.investigate(joined.facts.case))
    cards = tuple(cause_card(joined, cause, rank) for rank, cause in enumerate(joined.causes, start=1))
    return Causes(cards if joined.facts.causes is not None else None, found)


def cause_card(joined: Joined, cause: Cause, rank: int) -> CauseCard:
    """What the page shows of a cause."""
    collected = joined.accounting.collected if joined.accounting else 0
    behind = joined.cause_by_id.get(cause.hidden_behind or "")
    return CauseCard(
        cause=cause,
        rank=rank,
        anchor=anchor("cause", cause.id),
        impact=impact_of(cause, joined.accounting),
        share=cause.tests_blocked / collected if collected else 0,
        state=STATES[cause.state],
        behind=behind,
        counts=seen_and_waiting(cause),
        hidden=joined.hidden_by(cause),
        groups=tuple(group for group in joined.groups if group.id in cause.groups),
        evidence=tuple((item, evidence_href(item.anchor, joined.anchors)) for item in cause.evidence),
        step=next_step(cause, joined.facts.case, joined.facts.fixes),
        came=joined.commits.get(cause.id, ""),
    )


def seen_and_waiting(cause: Cause) -> str:
    """How many tests show a hidden cause already, and how many more would once the cause in front of it is gone."""
    blocked = cause.tests_blocked
    seen = f"{counted(blocked, 'test')} {'shows' if blocked == 1 else 'show'} it in this run" if blocked else ""
    seen = seen or "No test shows it in this run"
    if cause.waiting is None:
        return f"{seen}; how many stop at the cause in front and would meet it next is not known."
    stop = "stops" if cause.waiting == 1 else "stop"
    more = counted(cause.waiting, "more test" if blocked else "test")
    return f"{seen}; {more} {stop} at the cause in front and would meet it next, as far as the source tells."
