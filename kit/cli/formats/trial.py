"""What a trial shows, as text and as JSON."""

from __future__ import annotations

from typing import Any

from kit.facts.fixes import Comparison, Trial
from kit.facts.wording import counted

_NAMED_AT_MOST = 20


def as_text(trial: Trial) -> str:
    """A table of the cells, the identity that they make up, and the tests that broke."""
    found = trial.comparison
    if found is None:
        return f"DID NOT START: {trial.problem}"
    rows = [*_rows(found)]
    width = max(len(f"{number:,}") for _, number, _ in rows)
    lines = [f"{number:>{width},}  {name:<16}{what}".rstrip() for name, number, what in rows]
    newly = sum(found.newly_collected.values())
    lines += ["", f"{counted(found.before, 'test')} before = {found.in_both:,} in both runs + {len(found.gone):,} gone"]
    lines += [f"{counted(found.after, 'test')} after = {found.in_both:,} in both runs + {newly:,} newly collected"]
    for name, tests in (("broken", found.broken), ("gone", found.gone), ("flaky", trial.flaky)):
        lines += [f"{name}: {test}" for test in tests[:_NAMED_AT_MOST]]
        lines += [f"{name}: {len(tests) - _NAMED_AT_MOST:,} more"] if len(tests) > _NAMED_AT_MOST else []
    return "\n".join([*lines, "", f"{trial.verdict}: {_sentence(found)}"])


def as_json(trial: Trial) -> dict[str, Any]:
    """The same for machines."""
    found = trial.comparison
    return {
        "verdict": trial.verdict,
        "problem": trial.problem,
        "before": found.before if found else None,
        "after": found.after if found else None,
        "unlocked": list(found.unlocked) if found else None,
        "kept": found.kept if found else None,
        "unmasked": found.unmasked if found else None,
        "still_failing": found.still_failing if found else None,
        "broken": list(found.broken) if found else None,
        "newly_collected": dict(found.newly_collected) if found else None,
        "gone": list(found.gone) if found else None,
        "flaky": list(trial.flaky),
        "causes_left": dict(trial.causes_left),
        "seconds": trial.seconds,
    }


def _rows(found: Comparison) -> list[tuple[str, int, str]]:
    newly = found.newly_collected
    return [
        ("unlocked", len(found.unlocked), "failed before, pass now"),
        ("kept", found.kept, "fail neither before nor now"),
        ("unmasked", sum(found.unmasked.values()), _causes_of(found.unmasked)),
        ("still failing", found.still_failing, "fail as before"),
        ("broken", len(found.broken), "passed before, fail now"),
        ("newly collected", sum(newly.values()), ", ".join(f"{number:,} {name}" for name, number in newly.items())),
        ("gone", len(found.gone), "no longer collected"),
    ]


def _causes_of(unmasked: dict[str, int]) -> str:
    parts = [f"{number:,} of {cause or 'no named cause'}" for cause, number in unmasked.items()]
    return f"fail now of another cause: {', '.join(parts)}" if parts else ""


def _sentence(found: Comparison) -> str:
    bad = found.still_failing + sum(found.unmasked.values())
    return f"{len(found.unlocked):,} unlocked, {len(found.broken):,} broken, {bad:,} that failed before still fail"
