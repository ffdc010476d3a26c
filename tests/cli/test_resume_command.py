from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from kit.cli.progress import resume_command

pytestmark = pytest.mark.slow


def command(reports: Path, reports_dir: str = "", store_url: str = "") -> str:
    investigation = SimpleNamespace(case=SimpleNamespace(id="c"), reports=reports)
    return resume_command("run", investigation, {"reports_dir": reports_dir, "store_url": store_url})


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_reports_in_their_usual_place_need_no_option(tmp_path: Path) -> None:
    assert command(tmp_path / "reports") == "kit run --resume c"


def test_reports_that_went_beside_the_target_are_named(tmp_path: Path) -> None:
    beside = tmp_path.parent / "app-reports"

    assert command(beside) == f"kit run --resume c --reports-dir {beside}"


def test_what_was_typed_is_typed_again_but_for_a_password(tmp_path: Path) -> None:
    said = command(tmp_path / "out", reports_dir="out", store_url="postgresql://kit:secret@db/kit")

    assert said == "kit run --resume c --reports-dir out --store-url 'postgresql://kit:***@db/kit'"


def test_a_stores_url_without_a_password_is_typed_again_as_it_is(tmp_path: Path) -> None:
    said = command(tmp_path / "out", reports_dir="out", store_url="sqlite:///kit.db")

    assert said == "kit run --resume c --reports-dir out --store-url sqlite:///kit.db"
