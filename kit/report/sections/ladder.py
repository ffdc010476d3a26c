"""The pass rate now and fix after fix."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.fixes import FixFacts, Layer, Trial
from kit.report import commands
from kit.report.anchors import anchor
from kit.report.joined import Joined
from kit.report.kept import kept_fixes
from kit.report.ladder_chart import ladder_chart
from kit.report.sections.missing import Missing


@dataclass(frozen=True)
class Rung:
    """The suite with this fix and those above it. ``unmasked`` are titles of causes with counts."""

    title: str
    layer: Layer
    href: str
    unmasked: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Ladder:
    """``final`` is the trial of every test with all fixes together, ``final_left`` what is left then."""

    rungs: tuple[Rung, ...]
    final: Trial | None
    final_left: tuple[tuple[str, int], ...]
    before_passed: int
    before_collected: int
    chart: Markup
    finding: str

    @property
    def has_full_rungs(self) -> bool:
        """Whether every test was run for one of the rungs too, before further fixes came to it."""
        return any(rung.layer.measured == "full" for rung in self.rungs)


def view(joined: Joined) -> Ladder | Missing:
    """Each rung as it was measured."""
    facts, accounting, case = joined.facts.fixes, joined.accounting, joined.facts.case
    if accounting is None:
        return Missing("The test suite was not run.", commands.run(case))
    kept = kept_fixes(joined)
    if facts is None or kept is None:
        return Missing("The pass rate after a fix was not measured.", commands.investigate(case))
    final = facts.final
    rates = [(accounting.passed, accounting.collected), *_rates(facts)]
    finding = kept.finding(accounting)
    return Ladder(
        rungs=tuple(
            Rung(layer.title, layer, f"#{anchor('option', layer.option)}", titled(joined, layer.unmasked))
            for layer in facts.layers
        ),
        final=final,
        final_left=titled(joined, final.causes_left) if final else (),
        before_passed=accounting.passed,
        before_collected=accounting.collected,
        chart=ladder_chart(rates, finding),
        finding=finding,
    )


def _rates(facts: FixFacts) -> list[tuple[int, int]]:
    """Passed and collected after each fix; after the last one as the run of every test showed, if there was one."""
    return [*((layer.passed, layer.collected) for layer in facts.layers[:-1]), facts.in_the_end]


def titled(joined: Joined, counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    """Counts by cause as titles with counts."""
    known = joined.cause_by_id
    titles = {one: known[one].title if one in known else one or "no named cause" for one in counts}
    return tuple((titles[one], tests) for one, tests in counts.items())
