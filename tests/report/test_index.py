"""``index.html`` lists every case, newest first, with what its report and its tests say."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.case import exported, import_case, remove_case, write_index
from kit.facts.case import CaseFacts
from kit.masking import learn_environment
from kit.report import write_report
from kit.report.sparkline import HEIGHT, sparkline
from kit.store import Store, default_url
from tests.history.moments import case_at
from tests.report import samples
from tests.report.test_page import Page

A, B = "tests/test_a.py::test_a", "tests/test_b.py::test_b"


@pytest.fixture
def store(tmp_path: Path):
    store = Store(default_url(tmp_path))
    yield store
    store.close()


def index(store: Store, folder: Path, *cases: CaseFacts) -> Page:
    """The page after these cases are recorded."""
    for facts in cases:
        import_case(exported(facts), store)
    write_index(store, folder)
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def rows(page: Page) -> list[str]:
    """The names of the cases in the table, from the top."""
    return re.findall(r"\bat-\d+\b", page.text)


def test_the_newest_case_stands_first(store: Store, tmp_path: Path) -> None:
    page = index(store, tmp_path, case_at(2, {A: None}), case_at(11, {A: None}), case_at(3, {A: None}))

    assert rows(page) == ["at-11", "at-3", "at-2"]


def test_a_case_shows_its_counts_its_revision_and_its_first_cause(store: Store, tmp_path: Path) -> None:
    page = index(store, tmp_path, case_at(1, {A: "no bread", B: None}, revision="1a2b3c4d5e6f7a8b"))

    assert "FAILING 1a2b3c4d5e6f 1 of 2 failing 50.0 % LookupError: no bread" in page.text


@pytest.mark.slow
def test_a_case_with_a_report_leads_to_it_and_has_its_verdict(store: Store, tmp_path: Path) -> None:
    facts = samples.incident()
    write_report(facts, tmp_path / facts.case.id)

    page = index(store, tmp_path, facts)

    assert "FIX MEASURED" in page.text
    (address,) = page.values("href")[1:]
    assert (tmp_path / address).is_file()


def test_a_removed_case_is_gone_from_the_page(store: Store, tmp_path: Path) -> None:
    index(store, tmp_path, case_at(1, {A: None}), case_at(2, {A: None}))

    remove_case("at-2", tmp_path, store)

    assert rows(index(store, tmp_path)) == ["at-1"]


def test_the_line_of_an_app_goes_from_its_oldest_case_to_its_newest(store: Store, tmp_path: Path) -> None:
    page = index(store, tmp_path, case_at(1, {A: "no bread", B: None}), case_at(2, {A: None, B: None}))

    assert "Pass rate over 2 cases: from 50.0 % to 100.0 %, at worst 50.0 %." in page.text


def test_one_case_has_no_line() -> None:
    assert sparkline([1.0]) is None
    drawn = sparkline([0.0, 1.0])
    assert drawn
    assert drawn.last[1] < HEIGHT / 2


def test_names_of_the_target_are_text(store: Store, tmp_path: Path) -> None:
    page = index(store, tmp_path, case_at(1, {A: "about <script>alert(1)</script>"}))

    assert "<script>alert(1)</script>" in page.text
    assert not page.scripts


def test_a_page_that_is_shared_stays_shared(store: Store, tmp_path: Path) -> None:
    index(store, tmp_path, case_at(1, {A: None}))
    (tmp_path / "index.html").chmod(0o644)

    index(store, tmp_path, case_at(2, {A: None}))

    assert stat.S_IMODE((tmp_path / "index.html").stat().st_mode) == 0o644


def test_a_folder_that_cannot_be_written_is_a_warning(store: Store, tmp_path: Path) -> None:
    import_case(exported(case_at(1, {A: None})), store)

    with pytest.warns(UserWarning, match="The page of all cases could not be written"):
        write_index(store, tmp_path / "gone")


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes a value a secret of the environment."""

    def add(value: str) -> None:
        monkeypatch.setenv(f"SECRET_{len(value)}", value)
        learn_environment()

    yield add
    monkeypatch.undo()
    learn_environment()


@pytest.mark.slow
def test_what_became_a_secret_since_is_masked(store: Store, tmp_path: Path, secrets: Callable[[str], None]) -> None:
    facts = samples.incident()
    write_report(facts, tmp_path / facts.case.id)
    import_case(exported(facts), store)
    import_case(exported(case_at(1, {A: "no hunter2xyz9"})), store)
    secrets("hunter2xyz9")
    secrets(facts.case.id)

    page = index(store, tmp_path)

    assert "LookupError: no ***" in page.text
    assert "hunter2" not in page.text
    assert not page.values("href")[1:]


def test_a_page_that_would_show_a_secret_is_a_warning(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.report.index.visible", lambda text: f"{text} AKIA2E0A8F3B244C9986")
    import_case(exported(case_at(1, {A: None})), store)

    with pytest.warns(UserWarning, match="index.html was not written"):
        write_index(store, tmp_path)
