"""The stage of the trials: what they show is recorded, of the fixes and of the causes."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from kit.case import CaseOptions, Investigation
from kit.case.stages.fixes import sample_size
from kit.facts.fixes import FixFacts
from kit.facts.suite import CollectedTest, SuiteFacts
from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow

FEATURES = """
blend = False


class FeatureDisabled(Exception):
    pass


def require(name):
    if not globals()[name]:
        raise FeatureDisabled(f"feature {name!r} is switched off")
"""
TESTS = 'from shop import features\n\n\ndef test_blend():\n    features.require("blend")\n'


def write_shop(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """An app with a switch that is off, and these files."""
    usual = {"shop/__init__.py": "", "shop/features.py": FEATURES, "pytest.ini": "[pytest]\npythonpath = .\n"}
    return write_project(folder / "app", {**usual, **files})


def run_once(app: Path, *, workers: int = 1, trial_budget_s: float = 300.0) -> Investigation:
    """A case of the app whose tests have run, and whose fixes are not tried yet."""
    reports = app.parent / "reports"
    options = CaseOptions.of(app, case="monday", reports_dir=reports, workers=workers, trial_budget_s=trial_budget_s)
    investigation = Investigation.start(options)
    investigation.map_registry()
    investigation.run_tests()
    return investigation


@pytest.mark.parametrize(
    ("seconds", "left", "size"),
    [(100.0, 50.0, 250), (100.0, 4.0, 0), (100.0, -3.0, 0), (1.0, 50.0, 1000), (None, 50.0, 0)],
)
def test_a_sample_has_as_many_tests_as_the_time_that_is_left_allows(
    seconds: float | None, left: float, size: int
) -> None:
    tests = tuple(CollectedTest(f"test_{number}", "t.py") for number in range(1000))

    assert sample_size(SuiteFacts(tests=tests, seconds=seconds), left) == size


def test_a_cause_whose_fix_unlocks_its_tests_is_recorded_as_confirmed(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "tests/test_shop.py": TESTS,
    }
    app = write_shop(tmp_path, files)
    before = fingerprint(app)
    investigation = run_once(app)

    investigation.try_fixes(lambda _: None)

    recorded = investigation.facts
    investigation.store.close()
    assert recorded.causes is not None
    assert recorded.fixes is not None
    assert recorded.fixes.recommended == {"feature-switch:blend": "switch-default:feature-switch:blend"}
    assert [cause.state for cause in recorded.causes] == ["confirmed"]
    assert fingerprint(app) == before


MORE = TESTS + '\n\ndef test_mix():\n    features.require("mix")\n'


#: two tests that each need a file for themselves
EXCLUSIVE = """
import os
import time
from shop import features


def test_{name}():
    os.close(os.open("shared.db", os.O_CREAT | os.O_EXCL))
    try:
        time.sleep(0.5)
        {then}
    finally:
        os.unlink("shared.db")
"""


def test_tests_that_share_a_file_do_not_break_each_other_in_a_trial(tmp_path: Path) -> None:
    then = {**dict.fromkeys("abcdef", "pass"), **dict.fromkeys("yz", 'features.require("blend")')}
    files: dict[str, str | bytes] = {
        **{f"tests/test_{name}.py": EXCLUSIVE.format(name=name, then=line) for name, line in then.items()},
    }
    app = write_shop(tmp_path, files)
    investigation = run_once(app, workers=2)

    found = investigation.try_fixes(lambda _: None)

    recorded = investigation.facts
    investigation.store.close()
    assert recorded.suite is not None
    assert recorded.suite.shares, "two of them met"
    assert list(found.recommended.values()) == ["switch-default:feature-switch:blend"]
    assert found.final is not None
    assert (found.final.verdict, found.final.passed, found.final.flaky) == ("FULL", 8, ())


#: of one function a few tests stand for the others, and they need one feature only
FIFTH = """
import pytest
from shop import features

@pytest.mark.parametrize("number", range(9))
def test_all(number):
    features.require("blend")
    if number == 5:
        features.require("mix")
"""


def rungs(found: FixFacts) -> list[tuple[str, int, int, int]]:
    """Of each layer how it was measured, and the tests that are unlocked, that show another cause, and that pass."""
    return [(one.measured, one.unlocked, sum(one.unmasked.values()), one.passed) for one in found.layers]


def test_peeling_goes_on_with_a_cause_that_only_the_run_of_every_test_shows(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "shop/features.py": FEATURES.replace("blend = False\n", "blend = False\nmix = False\n"),
        "tests/test_all.py": FIFTH,
    }
    investigation = run_once(write_shop(tmp_path, files))

    found = investigation.try_fixes(lambda _: None)

    investigation.store.close()
    assert list(found.recommended) == ["feature-switch:blend", "feature-switch:mix"]
    assert rungs(found) == [("full", 8, 1, 8), ("canaries", 9, 0, 9)]
    every_test = [(trial.passed, len(trial.options)) for trial in found.trials if trial.measured == "full"]
    assert every_test == [(8, 1), (9, 2)]
    assert found.final == found.trials[-1]


def test_what_every_test_showed_of_the_first_fixes_is_kept_where_the_budget_does_not_last_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, str | bytes] = {
        "shop/features.py": FEATURES.replace("blend = False\n", "blend = False\nmix = False\n"),
        "tests/test_all.py": FIFTH,
    }
    investigation = run_once(write_shop(tmp_path, files))
    expected_s = iter([0.0])
    monkeypatch.setattr("kit.case.stages.fixes._expected_s", lambda _: next(expected_s, 1e9))

    found = investigation.try_fixes(lambda _: None)

    investigation.store.close()
    assert found.problems == ("The final trial of every test was left out: the budget for trials was too small.",)
    assert found.final is None
    assert rungs(found) == [("full", 8, 1, 8), ("canaries", 9, 0, 9)]


def test_a_final_trial_that_the_budget_ends_has_no_result_and_that_is_said(tmp_path: Path) -> None:
    slow = """
import time
import pytest
from shop import features

@pytest.mark.parametrize("number", range(9))
def test_slow(number):  # of one function a few tests stand for the others
    time.sleep(60 if features.blend and number == 5 else 0)
"""
    files: dict[str, str | bytes] = {
        "tests/test_shop.py": TESTS,
        "tests/test_slow.py": slow,
    }
    app = write_shop(tmp_path, files)
    investigation = run_once(app, trial_budget_s=20.0)

    found = investigation.try_fixes(lambda _: None)

    investigation.store.close()
    assert list(found.recommended.values()) == ["switch-default:feature-switch:blend"]
    assert found.final is None
    assert found.problems == ("The final trial of every test was ended: the budget for trials was spent.",)


def test_interrupted_trials_leave_nothing_behind_and_go_on_with_the_next_cause(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("t")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    files: dict[str, str | bytes] = {
        "shop/features.py": FEATURES.replace("blend = False\n", "blend = False\nmix = False\n"),
        "tests/test_shop.py": MORE,
    }
    app = write_shop(tmp_path, files)
    investigation = run_once(app)
    children = set(psutil.Process().children(recursive=True))
    told: list[str] = []

    def interrupt_at_the_second(line: str) -> None:
        told.append(line)
        if len(told) == 2:
            assert list(temporary.glob("kit-scratch-*"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        investigation.try_fixes(interrupt_at_the_second)

    assert list(temporary.iterdir()) == []
    assert set(psutil.Process().children(recursive=True)) <= children
    first = investigation.facts.fixes
    assert first is not None
    assert len(first.recommended) == 1
    again: list[str] = []

    found = investigation.try_fixes(again.append)

    investigation.store.close()
    assert "of the interrupted trials are known" in again[0]
    assert told[0] not in again
    assert len(found.recommended) == 2
    assert found.final is not None
    assert found.final.passed == 2
