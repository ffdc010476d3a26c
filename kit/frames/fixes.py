"""What was measured about fixes, as frames for the notebooks."""

from __future__ import annotations

import pandas as pd

from kit.facts.fixes import Comparison, FixFacts, FixOption, Trial

_LADDER = [
    "fix",
    "measured",
    "unlocked",
    "unmasked",
    "broken",
    "still failing",
    "newly collected",
    "collected",
    "passed",
    "what fails now",
]
_OPTIONS = [
    "cause",
    "option",
    "recommended",
    "verdict",
    "unlocked",
    "unmasked",
    "broken",
    "newly collected",
    "lost",
    "lines",
    "seconds",
]


def fix_ladder(facts: FixFacts) -> pd.DataFrame:
    """One row a fix that stayed applied, and a last one for all of them together where every test was run. Counts are
    of tests; ``what fails now`` names the causes of the tests that still fail, with their counts.
    """
    rows: list[dict[str, object]] = [
        {
            "fix": layer.title,
            "measured": layer.measured,
            "unlocked": layer.unlocked,
            "unmasked": sum(layer.unmasked.values()),
            "broken": layer.broken,
            "still failing": layer.still_failing,
            "newly collected": layer.newly_collected,
            "collected": layer.collected,
            "passed": layer.passed,
            "what fails now": _counted(layer.unmasked),
        }
        for layer in facts.layers
    ]
    if facts.final and facts.final.comparison:
        rows.append(_final(facts.final, facts.final.comparison))
    return pd.DataFrame(rows, columns=_LADDER).astype({"measured": "category"})


def fix_options(facts: FixFacts) -> pd.DataFrame:
    """One row an option: for which cause, whether it is recommended, and what its first trial showed."""
    first = facts.first_trials
    rows = [_option(option, first.get(option.id), facts) for option in facts.options]
    return pd.DataFrame(rows, columns=_OPTIONS).astype(
        {"verdict": "category", **dict.fromkeys(("unlocked", "unmasked", "broken", "newly collected"), "Int64")}
    )


def recommended_patch(facts: FixFacts) -> str:
    """The patches of the fixes that stayed applied, in their order; empty when there is none."""
    by_id = {option.id: option for option in facts.options}
    return "".join(by_id[layer.option].patch for layer in facts.layers)


def _final(trial: Trial, found: Comparison) -> dict[str, object]:
    return {
        "fix": "all together",
        "measured": trial.measured,
        "unlocked": len(found.unlocked),
        "unmasked": sum(found.unmasked.values()),
        "broken": len(found.broken),
        "still failing": found.still_failing,
        "newly collected": sum(found.newly_collected.values()),
        "collected": found.after,
        "passed": trial.passed,
        "what fails now": _counted(trial.causes_left),
    }


def _option(option: FixOption, trial: Trial | None, facts: FixFacts) -> dict[str, object]:
    found = trial.comparison if trial else None
    return {
        "cause": option.cause,
        "option": option.title,
        "recommended": facts.recommended.get(option.cause) == option.id,
        "verdict": trial.verdict if trial else option.obstacle or "not tried",
        "unlocked": len(found.unlocked) if found else None,
        "unmasked": sum(found.unmasked.values()) if found else None,
        "broken": len(found.broken) if found else None,
        "newly collected": sum(found.newly_collected.values()) if found else None,
        "lost": "; ".join(option.losses),
        "lines": f"+{option.lines_added} -{option.lines_removed}",
        "seconds": trial.seconds if trial else None,
    }


def _counted(causes: dict[str, int]) -> str:
    return ", ".join(f"{tests:,} of {cause or 'no named cause'}" for cause, tests in causes.items())
