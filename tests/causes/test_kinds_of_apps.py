"""Apps that are broken in one way each have one cause, with its kind, its first place and a next step that fits."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.causes.apps import investigated, places
from tests.causes.kinds_of_apps import KINDS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", KINDS)
def test_one_defect_is_one_cause_with_its_line_and_a_next_step(tmp_path: Path, name: str) -> None:
    kind = KINDS[name]

    causes, suite = investigated(tmp_path, {path: dedent(text).lstrip("\n") for path, text in kind.files.items()})

    assert [cause.kind for cause in causes] == [kind.cause]
    (cause,) = causes
    assert kind.title in cause.title
    assert kind.place in places(cause)[:2]
    assert kind.step in cause.next_step.text
    bad = sum(result.outcome in ("failed", "error") for result in suite.results)
    assert (cause.tests_blocked, len(cause.uncollectable)) == (bad, len(suite.collection_errors))
