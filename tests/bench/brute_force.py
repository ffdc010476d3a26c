"""Counts of trials on the demo against whole plain runs of the patched copies: ``python tests/bench/brute_force.py``.

The demo is peeled as ``kit investigate`` does, and every test runs in a final trial. For the trials of the first fixes
that were kept, and for the final one, plain pytest runs the whole suite of a copy with the same patches, twice; a test
with two outcomes is flaky and left out. Printed are the tests in each cell of before and after, and for trials by
canaries the groups (of one file and one cause) whose tests all did what the canary did.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.case import CaseOptions, Investigation
from kit.demo import copy_demo
from kit.facts.fixes import FixFacts, Trial
from kit.facts.outcomes import FINE
from kit.fixes import Explained, Peeling, TrialCopy, full_trial
from tests.demo.make_expected import EXPECTED
from tests.demo.make_layers import TRAPS
from tests.demo.trees import mended, run_suite

_LIMIT_S = 3600.0


def main() -> None:
    """Peel, run each copy twice, and print how far they agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layers", type=int, default=2, help="Trials of kept fixes to check, beside the final one.")
    layers = parser.parse_args().layers
    with tempfile.TemporaryDirectory() as folder:
        first, facts = _peeled(Path(folder))
        kept = {layer.option for layer in facts.layers}
        by_option = {trial.options: trial for trial in facts.trials if trial.options[-1] in kept}
        checked = [facts.final, *list(by_option.values())[:layers]]
        before = _plain(Path(folder), "before", facts, ())
        for number, trial in enumerate(checked):
            if trial is not None:
                _compare(trial, first, before, _plain(Path(folder), f"after{number}", facts, trial.options))


def _peeled(folder: Path) -> tuple[Explained, FixFacts]:
    options = CaseOptions.of(copy_demo(folder / "broken"), reports_dir=folder / "reports")
    investigation = Investigation.start(options)
    investigation.map_registry()
    investigation.run_tests()
    investigation.diagnose()
    found = investigation.facts
    investigation.store.close()
    assert found.suite is not None
    assert found.grouping is not None
    assert found.causes is not None
    assert found.inventory is not None
    first = Explained(found.suite, found.grouping, found.causes)
    with TrialCopy(found.case.target, options.run_options(), options.own_categories()) as copy:
        peeling = Peeling(copy, monotonic() + _LIMIT_S, _say)
        peeling.run(first, found.inventory)
        return first, peeling.add(full_trial(copy, first.state, peeling.applied, limit_s=_LIMIT_S))


def _plain(folder: Path, name: str, facts: FixFacts, options: tuple[str, ...]) -> dict[str, bool]:
    """Whether each test passes in both of two plain runs with these patches; those that do not agree are left out, and
    so are those that hang or end the interpreter.
    """
    tree = mended(folder / name, TRAPS)
    by_id = {option.id: option for option in facts.options}
    for identity in options:
        subprocess.run(["git", "apply", "-"], cwd=tree, input=by_id[identity].patch.encode(), check=True)
    defects = json.loads(EXPECTED.read_text())["defects"]
    left_out = [test for kind in ("hanging-scheduler", "interpreter-exit") for test in defects[kind]["tests"]]
    arguments = ["--continue-on-collection-errors", *(f"--deselect={test}" for test in left_out)]
    outcomes: list[dict[str, bool]] = []
    for _ in range(2):
        run = run_suite(tree, *arguments, timeout_s=_LIMIT_S)
        outcomes.append({test: report.outcome in FINE for test, report in run.reports.items()})
    flaky = sorted(test for test in outcomes[0] if outcomes[0][test] != outcomes[1].get(test))
    _say(f"{name}: {sum(outcomes[0].values())} of {len(outcomes[0])} pass in plain pytest; flaky: {flaky or 'none'}")
    return {test: passes for test, passes in outcomes[0].items() if test not in flaky}


def _compare(trial: Trial, first: Explained, before: dict[str, bool], after: dict[str, bool]) -> None:
    found = trial.comparison
    assert found is not None
    plain = {
        "unlocked": {test for test, passes in after.items() if passes and before.get(test) is False},
        "broken": {test for test, passes in after.items() if not passes and before.get(test)},
    }
    told = {"unlocked": set(found.unlocked) & after.keys(), "broken": set(found.broken) & after.keys()}
    _say(f"== {trial.measured} trial of {', '.join(option.partition(':')[0] for option in trial.options)}")
    for cell, tests in plain.items():
        wrong = sorted(tests ^ told[cell])
        _say(f"   {cell}: {len(told[cell])} told, {len(tests)} in plain runs, {len(wrong)} differ {wrong[:3] or ''}")
    newly = len(after.keys() - first.state.outcomes.keys())
    kept = sum(after[test] for test, passes in before.items() if passes and test in after)
    _say(f"   kept: {found.kept} told, {kept} in plain runs; new: {sum(found.newly_collected.values())} told, {newly}")
    groups: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for test, cause in first.state.causes.items():
        if test in after and test in before:
            same = (test in told["unlocked"]) == (test in plain["unlocked"])
            groups[test.partition("::")[0], cause].append(same)
    right = sum(all(tests) for tests in groups.values())
    _say(f"   groups of one file and one cause: {right} of {len(groups)} as told ({right / max(1, len(groups)):.1%})")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
