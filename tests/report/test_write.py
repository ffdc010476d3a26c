from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from kit.masking.gate import LeakError
from kit.report import build_incident, json_text, write, write_report
from tests.report import samples


def test_the_three_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    page = write_report(samples.clear(), tmp_path / "reports" / "case")
    assert page == tmp_path / "reports" / "case" / "incident.html"
    assert sorted(path.name for path in page.parent.iterdir()) == ["incident.html", "incident.json", "incident.md"]
    assert json.loads((page.parent / "incident.json").read_text("utf-8")) == build_incident(samples.clear())


@pytest.mark.slow
def test_a_report_replaces_the_one_before(tmp_path: Path) -> None:
    write_report(samples.incident(), tmp_path)
    page = write_report(samples.clear(), tmp_path)
    assert "ix_orders_status" not in page.read_text("utf-8")


@pytest.mark.slow
def test_a_write_that_fails_leaves_the_old_files_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(samples.clear(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_report(samples.incident(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_only_its_user_may_read_the_report(tmp_path: Path) -> None:
    assert write_report(samples.clear(), tmp_path).stat().st_mode & 0o777 == 0o600


def test_text_that_utf8_cannot_hold_is_written_all_the_same(tmp_path: Path) -> None:
    page = write_report(samples.hostile(), tmp_path)
    page.read_text("utf-8")
    incident = json.loads((tmp_path / "incident.json").read_bytes())
    assert "\ufffd" in incident["case"]["id"]


@pytest.mark.parametrize("tests", [None, (), range(1), range(4), range(5)])
def test_the_json_is_the_same_in_however_many_pieces_it_is_written(
    tests: Sequence[int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = None if tests is None else [{"nodeid": f"test_a.py::test_{one}", "phases": [one, []]} for one in tests]
    case = {"case": {"id": "c"}, "status": []}
    monkeypatch.setattr(json_text, "A_PIECE", 2)

    written = "".join(json_text.pieces(case, rows))

    assert written == json.dumps({**case, "tests": rows}, indent=1) + "\n"


def test_a_secret_in_a_later_piece_of_the_json_leaves_the_old_files_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write_report(samples.clear(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(json_text, "A_PIECE", 1)
    (*tests, last) = build_incident(samples.clear())["tests"]
    leaking = [*tests, {**last, "reason": "ghp_0123456789abcdefghij0123456789abcdef"}]
    monkeypatch.setattr(write, "build_incident", lambda facts: {**build_incident(facts), "tests": leaking})

    with pytest.raises(LeakError, match=r"incident\.json was not written: line \d+ would show") as refused:
        write_report(samples.clear(), page.parent)

    line = int(re.findall(r"line (\d+)", str(refused.value))[0])
    written = json.dumps({**build_incident(samples.clear()), "tests": leaking}, indent=1, ensure_ascii=False)
    assert "ghp_" in written.split("\n")[line - 1]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.slow
def test_the_json_has_a_line_for_each_value_as_json_itself_writes_it(tmp_path: Path) -> None:
    write_report(samples.incident(), tmp_path)
    text = (tmp_path / "incident.json").read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
