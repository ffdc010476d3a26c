"""A sample of the tests, and between which values the whole lies."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kit.facts.fixes import Comparison, FixOption, Trial
from kit.fixes.patching.diff import Edit, make_patch
from kit.fixes.trials.sampling import choose_sample, sampled_trial, sentence_of, wilson
from kit.fixes.trials.trial_copy import TrialCopy
from kit.suite import RunOptions
from kit.target import find_target
from tests.helpers import write_project


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_is_that_of_wilson(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9, 0.997])
def test_the_interval_contains_the_value_of_the_whole_in_93_of_100_samples(share: float) -> None:
    tests = [f"test_{number}" for number in range(6000)]
    passing = set(random.Random(share).sample(tests, round(share * len(tests))))
    contained = 0
    for seed in range(100):
        sample = choose_sample(tests, 200, seed)
        low, high = wilson(len(passing & sample), len(sample))
        contained += low <= share <= high

    assert contained >= 93


def test_a_sample_is_the_same_for_a_seed_whatever_the_order_and_another_for_another() -> None:
    tests = [f"test_{number}" for number in range(100)]

    assert choose_sample(tests, 10, 1) == choose_sample(tests[::-1], 10, 1) != choose_sample(tests, 10, 2)
    assert choose_sample(tests, 1000, 1) == set(tests)


def test_the_sentence_says_how_many_were_sampled_and_between_what_the_whole_lies() -> None:
    found = Comparison(200, 200, unlocked=tuple(map(str, range(80))), kept=98, still_failing=20, broken=("x", "y"))
    trial = Trial(("o",), "PARTIAL", "sampled", found, tests_run=200, tests_of=6373, interval=wilson(80, 100))

    assert sentence_of(trial) == (
        "Sampled: 200 of 6,373 tests were run with all fixes; 80 of the 100 blocked ones among them pass and 2 broke. "
        "Of all blocked tests, between 71.1% and 86.7% pass (Wilson interval, 95 %)."
    )


@pytest.mark.slow
def test_a_sampled_trial_compares_the_tests_of_the_sample_alone(tmp_path: Path) -> None:
    test = "@pytest.mark.parametrize('n', range(40))\ndef test_a(n):\n    assert n % 2 or shop.VALUE == 2\n"
    tests = f"import pytest\nimport shop\n\n\n{test}"
    files: dict[str, str | bytes] = {
        "shop.py": "VALUE = 1\n",
        "tests/test_a.py": tests,
        "pytest.ini": "[pytest]\npythonpath = .\n",
    }
    option = FixOption("o", "c", "k", "", "", make_patch([Edit("shop.py", "VALUE = 1\n", "VALUE = 2\n")]))
    with TrialCopy(find_target(write_project(tmp_path / "app", files)), RunOptions(workers=1)) as copy:
        before = copy.explain(copy.run(), copy.read()).state
        copy.apply(option.patch)
        trial = sampled_trial(copy, before, [option], size=10, seed=3, limit_s=60)

    found = trial.comparison
    assert found is not None
    assert found.holds()
    assert (trial.measured, trial.verdict, trial.tests_run, trial.tests_of) == ("sampled", "FULL", 10, 40)
    assert len(found.unlocked) + found.kept == 10
    assert trial.interval == wilson(len(found.unlocked), len(found.unlocked))
