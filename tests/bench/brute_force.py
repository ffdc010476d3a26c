"""The counts of fix trials against brute force, on the demo: ``python tests/bench/brute_force.py [--behind 4]``.

It peels the broken demo as ``kit investigate`` does. Then it patches a copy of the demo for each trial with plain
``git apply``, runs the whole suite there with plain pytest, and compares the cells of each trial with what the two runs
show. A state that differs is run once more; tests that differ between its runs are named as flaky. The test that hangs
and the one that ends the interpreter are left out of the runs and count as failing. ``--behind N`` takes only trials
with N fixes applied before: a run in which thousands of tests are blocked takes ten times as long as a healthy one.
With ``--every N`` plain pytest collects everything and runs one test of N. Of these tests it compares which ones are
unlocked, broken and gone, name by name, instead of the counts of all.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.case import CaseOptions, Investigation
from kit.demo import copy_demo
from kit.facts.fixes import Comparison, FixFacts, FixOption, Trial
from kit.fixes import Explained, Peeling, TrialCopy, full_trial
from tests.demo.make_expected import EXPECTED
from tests.demo.make_layers import TRAPS
from tests.demo.trees import mended, run_suite

_LIMIT_S = 7200.0
_FATAL = ("hanging-scheduler", "interpreter-exit")
#: passes · fails · is skipped
_PASSES, _FAILS = "passed", "failed"


@dataclass
class Plain:
    """Whole plain runs of patched copies, one for each set of options; ``flaky`` are tests that differ between two."""

    folder: Path
    options: Mapping[str, FixOption]
    fatal: tuple[str, ...]
    every: int = 1
    known: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)
    flaky: set[str] = field(default_factory=set)

    def outcomes(self, applied: tuple[str, ...]) -> dict[str, str]:
        """The outcome of each test with these options applied."""
        if applied not in self.known:
            self.known[applied] = self._run(applied)
        return self.known[applied]

    def again(self, applied: tuple[str, ...]) -> None:
        """Run a state once more, and note what differs."""
        first, second = self.outcomes(applied), self._run(applied)
        self.flaky |= {test for test in first.keys() | second.keys() if first.get(test) != second.get(test)}
        self.known[applied] = second

    def _run(self, applied: tuple[str, ...]) -> dict[str, str]:
        tree = mended(self.folder / f"plain-{time.monotonic_ns()}", TRAPS)
        for option in applied:
            patch = self.options[option].patch.encode()
            subprocess.run(["git", "apply", "-"], cwd=tree, input=patch, check=True)
        left_out = [argument for test in self.fatal for argument in ("--deselect", test)]
        arguments = ("--continue-on-collection-errors", "--tb=native", *left_out)
        run = run_suite(tree, *arguments, timeout_s=int(_LIMIT_S), EVERY=str(self.every))
        if run.status is None:
            raise SystemExit("A plain run did not end")
        found = {test: run.reports[test].outcome for test in run.collected if test in run.reports}
        return {**found, **dict.fromkeys(self.fatal, _FAILS)}


def cells(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, int]:
    """How many tests are in each cell; failing ones of both runs are one number, whatever they show."""
    both = before.keys() & after.keys()
    was, now = ({test for test in both if one[test] != _FAILS} for one in (before, after))
    return {
        "before": len(before),
        "after": len(after),
        "unlocked": sum(after[test] == _PASSES for test in both - was),
        "kept": sum(not (before[test] == _PASSES and after[test] == "skipped") for test in was & now),
        "failing in both": sum(after[test] != _PASSES for test in both - was),
        "broken": len(was - now),
        "newly collected": len(after.keys() - before.keys()),
        "gone": len(before.keys() - after.keys()),
    }


def names(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The tests of the cells that kit names, of those that plain pytest has run."""
    both = before.keys() & after.keys()
    return {
        "unlocked": frozenset(test for test in both if before[test] == _FAILS and after[test] == _PASSES),
        "broken": frozenset(test for test in both if before[test] != _FAILS and after[test] == _FAILS),
        "gone": frozenset(before.keys() - after.keys()),
    }


def told_names(found: Comparison, ran: Collection[str]) -> dict[str, frozenset[str]]:
    """The same of a trial."""
    cells = {"unlocked": found.unlocked, "broken": found.broken, "gone": found.gone}
    return {name: frozenset(tests).intersection(ran) for name, tests in cells.items()}


def told(found: Comparison) -> dict[str, int]:
    """The same of a trial."""
    return {
        "before": found.before,
        "after": found.after,
        "unlocked": len(found.unlocked),
        "kept": found.kept,
        "failing in both": sum(found.unmasked.values()) + found.still_failing,
        "broken": len(found.broken),
        "newly collected": sum(found.newly_collected.values()),
        "gone": len(found.gone),
    }


def main() -> None:
    """Peel, run plainly, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--behind", type=int, default=4, help="Only trials with so many fixes before; 0 takes all.")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="Run one test of N, and compare names.")
    options = parser.parse_args()
    defects = json.loads(EXPECTED.read_text())["defects"]
    fatal = tuple(test for name in _FATAL for test in defects[name]["tests"])
    with tempfile.TemporaryDirectory() as name:
        facts = _peeled(Path(name))
        plain = Plain(Path(name), {option.id: option for option in facts.options}, fatal, options.every)
        wanted = [one for one in facts.trials if one.comparison and len(one.options) > options.behind]
        right = [_agrees(plain, facts, one) for one in wanted]
        print(f"{sum(right)} of {len(right)} trials have the counts of the plain runs ({len(plain.known)} states)")
        print(f"flaky: {', '.join(sorted(plain.flaky)) or 'none'}")


def _agrees(plain: Plain, facts: FixFacts, trial: Trial) -> bool:
    assert trial.comparison is not None
    before = () if trial.measured == "full" else trial.options[:-1]
    if plain.every > 1:
        return _agrees_by_name(plain, trial, before)
    if not before and trial.measured == "full":
        found = plain.outcomes(trial.options)
        passed = sum(outcome == _PASSES for outcome in found.values())
        same = (trial.passed, trial.comparison.after) == (passed, len(found))
        print(f"all fixes: {passed} of {len(found)} pass by plain pytest, {trial.passed} by kit", flush=True)
        return same
    kit = told(trial.comparison)
    same = cells(plain.outcomes(before), plain.outcomes(trial.options)) == kit
    if not same:
        plain.again(trial.options)
        same = cells(plain.outcomes(before), plain.outcomes(trial.options)) == kit
    seen = cells(plain.outcomes(before), plain.outcomes(trial.options))
    title = plain.options[trial.options[-1]].title
    print(f"{'equal' if same else 'DIFFERS'}: {title[:70]} ({trial.tests_run} tests run): {seen}", flush=True)
    if not same:
        print(f"   kit says {kit}", flush=True)
    return same


def _agrees_by_name(plain: Plain, trial: Trial, before: tuple[str, ...]) -> bool:
    """Whether the tests that plain pytest has run are in the cells in which kit has them."""
    assert trial.comparison is not None
    was, now = plain.outcomes(before), plain.outcomes(trial.options)
    ran = (was.keys() | now.keys()) - set(plain.fatal)
    seen = {name: tests.difference(plain.fatal) for name, tests in names(was, now).items()}
    kit = told_names(trial.comparison, ran)
    wrong = sorted({test for name in seen for test in seen[name] ^ kit[name]})
    counts = {name: len(tests) for name, tests in seen.items()}
    title = plain.options[trial.options[-1]].title
    verdict = f"{len(wrong)} WRONG" if wrong else "equal"
    print(f"{verdict}: {title[:70]} ({trial.tests_run} tests run): {counts} of {len(ran)} tests", flush=True)
    for test in wrong[:5]:
        print(f"   {test}: plain pytest {was.get(test)} → {now.get(test)}", flush=True)
    return not wrong


def _peeled(folder: Path) -> FixFacts:
    options = CaseOptions.of(copy_demo(folder / "broken"), reports_dir=folder / "reports")
    investigation = Investigation.start(options)
    investigation.map_registry()
    investigation.run_tests()
    investigation.diagnose()
    facts = investigation.facts
    assert facts.suite is not None
    assert facts.grouping is not None
    assert facts.causes is not None
    assert facts.inventory is not None
    first = Explained(facts.suite, facts.grouping, facts.causes)
    with TrialCopy(facts.case.target, options.run_options(), options.own_categories()) as copy:
        peeling = Peeling(copy, time.monotonic() + _LIMIT_S, print)
        peeling.run(first, facts.inventory)
        found = peeling.add(full_trial(copy, first.state, peeling.applied, limit_s=_LIMIT_S)[0])
    investigation.store.close()
    return found


if __name__ == "__main__":
    main()
