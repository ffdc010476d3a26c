"""``kit cases`` calls in order only what ran and ended well."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit.case import exported, import_case
from kit.cli.cases import command
from kit.cli.colours import Colour, painted
from kit.facts.case import CaseFacts
from kit.facts.suite import CollectionError
from kit.store import Store, default_url
from tests.history.moments import Tests, case_at


def listed(facts: CaseFacts, reports: Path, app: str = "") -> str:
    """What the command prints where this is the only case."""
    store = Store(default_url(reports))
    import_case(exported(facts), store)
    store.close()
    return CliRunner().invoke(command, [app, "--reports-dir", str(reports)], standalone_mode=False).output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tests", "told", "colour"),
    [
        ({"t.py::a": None, "t.py::b": None}, "all 2 in order", "green"),
        ({"t.py::a": None, "t.py::b": "<skipped>"}, "1 of 2 in order, 1 skipped", "green"),
        ({"t.py::a": None, "t.py::b": "<not_run>"}, "1 of 2 in order, 1 not run", "yellow"),
        ({"t.py::a": "<skipped>", "t.py::b": "<not_run>"}, "0 of 2 in order, 1 skipped, 1 not run", "yellow"),
        ({"t.py::a": "no bread", "t.py::b": "<not_run>"}, "1 of 2 failing, 1 not run", "red"),
    ],
)
def test_what_did_not_run_is_not_in_order(tests: Tests, told: str, colour: Colour, tmp_path: Path) -> None:
    assert painted(told, colour) in listed(case_at(1, tests), tmp_path)


def test_files_that_were_not_collected_are_counted(tmp_path: Path) -> None:
    fine, bad = case_at(1, {"t.py::a": None}), case_at(2, {"t.py::a": "no bread"})
    assert fine.suite
    assert bad.suite
    (failure,) = bad.suite.failures.values()
    lost = replace(fine.suite, collection_errors=(CollectionError("tests/test_b.py", failure),))

    told = listed(replace(fine, suite=lost), tmp_path)

    assert painted("all 1 in order, 1 file not collected", "red") in told


@pytest.mark.parametrize(("app", "is_listed"), [("shop", True), ("/srv/shop", True), ("other", False)])
def test_the_cases_of_one_app_are_listed(app: str, is_listed: bool, tmp_path: Path) -> None:
    told = listed(case_at(1, {"t.py::a": None}), tmp_path, app)

    assert ("at-1" in told) is is_listed
    assert (f"There is no case of {app} in {tmp_path}." in told) is not is_listed
