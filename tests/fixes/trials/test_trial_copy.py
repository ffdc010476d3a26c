"""Two trials of one app at the same time have nothing in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.fixes.patching.diff import Edit, make_patch
from kit.fixes.trials.trial_copy import TrialCopy
from kit.suite import RunOptions
from kit.target import find_target
from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow


def test_each_has_a_copy_of_its_own(tmp_path: Path) -> None:
    test = "import shop\n\n\ndef test_value():\n    assert shop.VALUE == 2\n"
    files: dict[str, str | bytes] = {
        "shop.py": "VALUE = 1\n",
        "tests/test_a.py": test,
        "pytest.ini": "[pytest]\npythonpath = .\n",
    }
    app = write_project(tmp_path / "app", files)
    before, target = fingerprint(app), find_target(app)
    with TrialCopy(target, RunOptions(workers=1)) as one, TrialCopy(target, RunOptions(workers=1)) as other:
        one.apply(make_patch([Edit("shop.py", "VALUE = 1\n", "VALUE = 2\n")]))
        outcomes = [copy.run().results[0].outcome for copy in (one, other, one)]
        roots = one.root, other.root

    assert outcomes == ["passed", "failed", "passed"]
    assert not any(root.exists() for root in roots)
    assert fingerprint(app) == before
