"""A core installation, without Jupyter, runs the stages and writes the report all the same."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kit.case import CaseOptions, Investigation, all_stages, kernels
from kit.report import category_chart, figures
from kit.suite import PlainDisplay
from tests.helpers import write_project

pytestmark = pytest.mark.slow


def test_the_stages_run_without_kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "kernels_installed", lambda: False)
    root = write_project(tmp_path / "app", {"test_it.py": "def test_ok(): pass\ndef test_bad(): assert 1 == 2\n"})
    investigation = Investigation.start(CaseOptions.of(root, case="c", reports_dir=tmp_path / "reports"))
    said: list[str] = []

    done = all_stages.run_all_stages(
        investigation, announce=said.append, display=lambda: PlainDisplay(io.StringIO()), store_url=""
    )
    investigation.store.close()

    assert said[0] == "no notebooks are written: they need pip install 'incident-kit[jupyter]'"
    assert {stage.outcome for stage in done.facts.stages} == {"done"}
    assert json.loads((done.report.parent / "incident.json").read_text())["accounting"]["failed"] == 1
    assert not (investigation.folder / "notebooks").exists()


def test_a_stage_that_fails_is_recorded_and_the_report_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "kernels_installed", lambda: False)

    def broken(self: Investigation) -> None:
        with self.record.running("import_graph"):
            raise ValueError("no way")

    monkeypatch.setattr(Investigation, "read_imports", broken)
    root = write_project(tmp_path / "app", {"test_it.py": "def test_ok(): pass\n"})
    investigation = Investigation.start(CaseOptions.of(root, case="c", reports_dir=tmp_path / "reports"))

    done = all_stages.run_all_stages(
        investigation, announce=lambda _: None, display=lambda: PlainDisplay(io.StringIO())
    )
    investigation.store.close()

    assert done.report.exists()
    assert [stage.error for stage in done.facts.stages if stage.outcome == "failed"] == ["ValueError: no way"]
    assert done.facts.suite
    assert done.facts.suite.accounting.passed == 1


def test_a_chart_that_cannot_be_drawn_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "find_spec", lambda _name: None)

    assert "incident-kit[jupyter]" in category_chart.category_chart([("Import", 3)])
