"""All stages of a case: every notebook in order, and a report at the end whatever happened before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.case import kernels
from kit.case.investigation import Investigation
from kit.case.naming import CauseNamer
from kit.case.no_notebooks import NEEDED, run_without_notebook
from kit.case.summary import PARTS_OF, summary
from kit.facts.case import STAGES, CaseFacts
from kit.facts.errors import KitError
from kit.facts.kinds import StageName
from kit.report import verdict
from kit.suite import watch


@dataclass(frozen=True)
class Investigated:
    """The result of all stages: the report's path, its one-line verdict, and all facts."""

    report: Path
    verdict: str
    facts: CaseFacts


def run_all_stages(
    investigation: Investigation, *, announce: Callable[[str], None], display: Callable[[], Any], store_url: str = ""
) -> Investigated:
    """Run the notebooks of every stage that is not done yet, then make sure that there is a report.

    In a core installation, which has no Jupyter, the stages run without notebooks.

    ``announce`` gets a line when a stage begins and ends. ``display()`` makes the display that shows the live counts.
    A notebook that fails is recorded as a failed stage, and the next one runs all the same. ``KeyboardInterrupt`` ends
    the kernels and all their processes, records the stage as interrupted, and is raised again.
    """
    with_notebooks = kernels.kernels_installed()
    with kernels.kernel_environment(store_url):
        if with_notebooks:
            kernels.check_kernel()
        else:
            announce(f"no notebooks are written: they need {NEEDED}")
        namer = CauseNamer(investigation, announce)
        done = _stages_done(investigation)
        for number, (stage, notebook) in enumerate(STAGES.items(), 1):
            label = f"{number}/{len(STAGES)} {stage.replace('_', ' ')}"
            if stage in done:
                announce(f"{label}: done before")
                continue
            announce(label)
            if with_notebooks:
                _run_stage(investigation, stage, notebook, namer, display if stage == "test_batches" else None)
            else:
                run_without_notebook(investigation, stage, display, announce)
            for line in summary(investigation.record.facts(*PARTS_OF[stage]), stage):
                announce(f"    {line}")
            if stage == "mapper_registry":
                namer.look()
    report = _existing_report(investigation)
    facts = investigation.facts
    return Investigated(report, verdict(facts), facts)


def _stages_done(investigation: Investigation) -> set[StageName]:
    """The stages that need not run again; the report is always written anew."""
    done = {name for name in STAGES if (stage := investigation.record.stage(name)) and stage.outcome == "done"}
    if investigation.record.was_cut_short():
        done -= {"test_batches", "failure_categories"}
    return done - {"incident_report"}


def _run_stage(
    investigation: Investigation, stage: str, notebook: str, namer: CauseNamer, display: Callable[[], Any] | None
) -> None:
    source = kernels.notebooks_folder() / f"{notebook}.ipynb"
    output = investigation.folder / "notebooks" / f"{notebook}.ipynb"
    parameters = {
        **investigation.options.parameters(),
        "target": investigation.target.root,
        "case": investigation.case.id,
        "reports_dir": str(investigation.reports),
    }
    problems: list[str | None] = []
    # papermill runs beside this thread, so that the live counts and Ctrl-C are answered at once
    stop = threading.Event()
    worker = threading.Thread(
        target=lambda: problems.append(kernels.run_notebook(source, output, parameters, stop)), daemon=True
    )
    worker.start()

    def is_over() -> bool:
        namer.look_now_and_then()
        return not worker.is_alive()

    record = investigation.record
    try:
        if display:
            with display() as shown:
                watch(investigation.events, shown, until=is_over)
            namer.look()
        while worker.is_alive():
            worker.join(0.1)
    except KeyboardInterrupt:
        kernels.interrupt_kernels(worker, stop)
        record.mark_failed(stage, "interrupted")
        raise
    except BaseException:  # nothing of a notebook may go on when the command ends
        kernels.interrupt_kernels(worker, stop)
        raise
    problem = problems[0] if problems else "papermill ended without a word"
    recorded = record.stage(stage)
    if problem or recorded is None or recorded.outcome != "done":
        record.mark_failed(stage, problem or "the notebook ended before its stage did")


def _existing_report(investigation: Investigation) -> Path:
    """The report that its notebook has written; written here when the notebook failed."""
    report = investigation.folder / "incident.html"
    recorded = investigation.record.stage("incident_report")
    if recorded and recorded.outcome == "done" and report.exists():
        return report
    reason = recorded.error if recorded else "it never began"
    path = investigation.write_report()
    investigation.record.mark_failed(
        "incident_report", f"its notebook failed ({reason}); the report was made without it"
    )
    if not path.exists():
        raise KitError(f"The report of case {investigation.case.id} could not be written to {path}.")
    return path
