"""The whole: every notebook in order, and the report at the end whatever happened on the way."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.case import kernels
from kit.case.investigation import Investigation
from kit.case.naming import CauseNamer
from kit.case.options import STORE_URL_VARIABLE
from kit.case.summary import summary
from kit.facts.case import STAGES, CaseFacts
from kit.facts.errors import KitError
from kit.report import verdict
from kit.suite import watch


@dataclass(frozen=True)
class Investigated:
    """What an investigation came to: the report's path, its one-line verdict, and all facts."""

    report: Path
    verdict: str
    facts: CaseFacts


def investigate(
    investigation: Investigation, *, announce: Callable[[str], None], display: Callable[[], Any], store_url: str = ""
) -> Investigated:
    """Run the notebooks of every stage that is not done yet, then see to it that there is a report.

    ``announce`` gets a line when a stage begins and ends; ``display()`` makes the display that shows the live counts.
    A notebook that fails is recorded as a failed stage and does not stop the next ones. ``KeyboardInterrupt`` ends the
    kernels and all their processes, records the stage as interrupted, and is raised again.
    """
    kernels.prepare_environment()
    kernels.check_kernel()
    if store_url:
        os.environ[STORE_URL_VARIABLE] = store_url
    facts = investigation.facts
    done = {stage.name for stage in facts.stages if stage.outcome == "done"}
    if facts.suite and facts.suite.is_cut_short:
        done -= {"test_batches", "failure_categories"}
    namer = CauseNamer(investigation, announce)
    for number, (stage, notebook) in enumerate(STAGES.items(), 1):
        label = f"{number}/{len(STAGES)} {stage.replace('_', ' ')}"
        if stage in done - {"incident_report"}:
            announce(f"{label}: done before")
            continue
        announce(label)
        _run_stage(investigation, stage, notebook, namer, display if stage == "test_batches" else None)
        for line in summary(investigation.facts, stage):
            announce(f"    {line}")
        if stage == "mapper_registry":
            namer.look()
    report = _see_to_the_report(investigation)
    facts = investigation.facts
    return Investigated(report, verdict(facts), facts)


def _run_stage(
    investigation: Investigation, stage: str, notebook: str, namer: CauseNamer, display: Callable[[], Any] | None
) -> None:
    source = kernels.notebooks_folder() / f"{notebook}.ipynb"
    output = investigation.folder / "notebooks" / f"{notebook}.ipynb"
    parameters = {
        **investigation.case.parameters,
        "target": investigation.target.root,
        "case": investigation.case.id,
        "reports_dir": str(investigation.reports),
    }
    problems: list[str | None] = []
    # papermill runs beside this thread, so that the live counts and Ctrl-C are answered at once
    worker = threading.Thread(
        target=lambda: problems.append(kernels.run_notebook(source, output, parameters)), daemon=True
    )
    worker.start()

    def is_over() -> bool:
        namer.look_now_and_then()
        return not worker.is_alive()

    try:
        if display:
            with display() as shown:
                watch(investigation.events, shown, until=is_over)
            namer.look()
        while worker.is_alive():
            worker.join(0.1)
    except KeyboardInterrupt:
        kernels.interrupt_kernels()
        worker.join(2.0)
        investigation.mark_failed(stage, "interrupted")
        raise
    problem = problems[0] if problems else "papermill ended without a word"
    outcome = next((s.outcome for s in investigation.facts.stages if s.name == stage), None)
    if problem or outcome != "done":
        investigation.mark_failed(stage, problem or "the notebook ended before its stage did")


def _see_to_the_report(investigation: Investigation) -> Path:
    report = investigation.folder / "incident.html"
    recorded = next((s for s in investigation.facts.stages if s.name == "incident_report"), None)
    if recorded and recorded.outcome == "done" and report.exists():
        return report
    reason = recorded.error if recorded else "it never began"
    path = investigation.write_report()  # its notebook failed: the report is made all the same
    investigation.mark_failed("incident_report", f"its notebook failed ({reason}); the report was made without it")
    if not path.exists():
        raise KitError(f"The report of case {investigation.case.id} could not be written to {path}.")
    return path
