"""Fix options, their trials and the peeling as data: the parts ``options`` and ``peeling`` of ``incident.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.facts.fixes import Comparison, FixFacts, FixOption, Layer, Trial

Json = dict[str, Any]


def options_of(facts: FixFacts | None) -> list[Json] | None:
    """Every option with its first trial; ``None`` when no fix was tried."""
    if facts is None:
        return None
    trials = facts.first_trials
    return [_option(option, trials.get(option.id), facts) for option in facts.options]


def peeling_of(facts: FixFacts | None) -> list[Json] | None:
    """The fixes that stayed applied, in their order."""
    return None if facts is None else [_layer(layer) for layer in facts.layers]


def final_of(facts: FixFacts | None) -> Json | None:
    """All of them together; ``None`` where that was not measured."""
    final = facts.final if facts else None
    return _final(final, final.comparison) if final and final.comparison else None


def _option(option: FixOption, trial: Trial | None, facts: FixFacts) -> Json:
    return {
        "id": option.id,
        "cause": option.cause,
        "kind": option.kind,
        "title": option.title,
        "why": option.why,
        "recommended": facts.recommended.get(option.cause) == option.id,
        "files_changed": list(option.files),
        "lines_added": option.lines_added,
        "lines_removed": option.lines_removed,
        "losses": list(option.losses),
        "obstacle": option.obstacle,
        "documentation": option.documentation or None,
        "patch": option.patch or None,
        "trial": _trial(trial) if trial else None,
    }


def _trial(trial: Trial) -> Json:
    return {
        "verdict": trial.verdict,
        "measured": trial.measured,
        "options": list(trial.options),
        "tests_run": trial.tests_run,
        "tests_of": trial.tests_of,
        "checks": {check.name: {"holds": check.holds, "detail": check.detail or None} for check in trial.checks},
        **_cells(trial.comparison),
        "interval": list(trial.interval) if trial.interval else None,
        "flaky": list(trial.flaky),
        "problem": trial.problem,
        "seconds": trial.seconds,
    }


def _cells(found: Comparison | None) -> Json:
    if found is None:
        return dict.fromkeys(("unlocked", "kept", "unmasked", "still_failing", "broken", "newly_collected", "gone"))
    return {
        "unlocked": len(found.unlocked),
        "kept": found.kept,
        "unmasked": found.unmasked,
        "still_failing": found.still_failing,
        "broken": list(found.broken),
        "newly_collected": dict(found.newly_collected),
        "gone": list(found.gone),
    }


def _layer(layer: Layer) -> Json:
    return {
        "option": layer.option,
        "cause": layer.cause,
        "measured": layer.measured,
        "collected": layer.collected,
        "passed": layer.passed,
        "unlocked": layer.unlocked,
        "unmasked": layer.unmasked,
        "still_failing": layer.still_failing,
        "broken": layer.broken,
        "newly_collected": layer.newly_collected,
    }


def _final(trial: Trial, found: Comparison) -> Json:
    return {
        "measured": trial.measured,
        "tests_run": trial.tests_run,
        "tests_of": trial.tests_of,
        "collected": found.after,
        "passed": trial.passed,
        "unlocked": len(found.unlocked),
        "unmasked": found.unmasked,
        "still_failing": found.still_failing,
        "broken": len(found.broken),
        "newly_collected": sum(found.newly_collected.values()),
    }
