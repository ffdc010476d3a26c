"""The answers about fixes: what each did to the tests, one after the other."""

from __future__ import annotations

from kit import frames
from kit.facts.fixes import FixFacts, FixOption, Trial
from kit.facts.wording import counted
from kit.session import showing
from kit.session.charts import Bars, Series
from kit.session.reader import CaseReader
from kit.session.result import Result


def fixes(reader: CaseReader) -> Result:
    """Fix after fix: the tests that pass with each and with those before it."""
    facts = reader.facts.fixes or FixFacts()
    rows = tuple((layer.title, (float(layer.passed), float(layer.collected - layer.passed))) for layer in facts.layers)
    bars = Bars(
        "Tests that pass with each fix and those before it",
        rows,
        (Series("pass", "passed"), Series("do not", "failed")),
    )
    patch = frames.recommended_patch(facts)
    return Result(
        _answer(reader, facts),
        frames.fix_ladder(facts),
        frames.fix_ladder,
        shown=("fix", "measured", "unlocked", "unmasked", "broken", "passed", "collected"),
        notes=facts.problems,
        missing=reader.missing("fix_trials"),
        chart=lambda: bars if rows else None,
        document=lambda: reader.part("peeling"),
        body=showing.folded("The patch of all recommended fixes", showing.block(patch)) if patch else "",
    )


def fix_options(reader: CaseReader) -> Result:
    """Every option that was found for a cause, and what it did by itself."""
    facts = reader.facts.fixes or FixFacts()
    causes = len({one.cause for one in facts.options})
    answer = (
        f"{counted(len(facts.options), 'option')} for {counted(causes, 'cause')}; {len(facts.recommended)} recommended."
    )
    return Result(
        answer if facts.options else "No option was tried.",
        frames.fix_options(facts),
        frames.fix_options,
        shown=("option", "recommended", "verdict", "unlocked", "unmasked", "broken", "lines"),
        most=12,
        missing=reader.missing("fix_trials"),
        chart=lambda: options_chart(facts),
        document=lambda: reader.part("options"),
    )


def best_option(option: FixOption | None, trial: Trial | None) -> str:
    """The sentence about the option that is recommended for a cause, and what tests do with it alone."""
    if option is None:
        return "No option was found that can be recommended."
    found = trial.comparison if trial else None
    further = sum(found.unmasked.values()) if found else 0
    said = f"Best: {option.title}."
    if found and found.unlocked:
        unlocked = len(found.unlocked)
        return f"{said} With it alone {counted(unlocked, 'more test')} {'passes' if unlocked == 1 else 'pass'}."
    if further:
        meet = "meets" if further == 1 else "meet"
        return f"{said} With it alone no more test passes: {counted(further, 'test')} {meet} another cause."
    return said


def options_chart(facts: FixFacts) -> Bars | None:
    """The effect of each tried option on the failing tests; ``None`` where none was tried."""
    tried = frames.fix_options(facts).dropna(subset=["unlocked"])
    parts = {"unlocked": Series("pass", "passed"), "unmasked": Series("meet another cause", "timed_out")}
    rows = tuple(
        (str(row["option"]), tuple(float(row[name]) for name in parts))
        for _, row in tried.iterrows()
        if any(row[name] for name in parts)
    )
    return Bars("What failing tests do with each option alone", rows, tuple(parts.values())) if rows else None


def _answer(reader: CaseReader, facts: FixFacts) -> str:
    if not facts.layers:
        return "Fixes were not tried yet." if reader.facts.fixes is None else "No fix could be recommended."
    before = reader.suite.accounting
    passed, collected = facts.in_the_end
    count = counted(len(facts.layers), "fix")
    without = f"{before.passed:,} of {before.collected:,} do without"
    return f"With {count}, {passed:,} of {counted(collected, 'test')} pass; {without}."
