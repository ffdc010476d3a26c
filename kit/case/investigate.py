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
from kit.case.request import STORE_URL_VARIABLE
from kit.facts.case import STAGES, CaseFacts
from kit.facts.causes import Cause
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
    done = {stage.name for stage in investigation.facts.stages if stage.outcome == "done"}
    for number, (stage, notebook) in enumerate(STAGES.items(), 1):
        label = f"{number}/{len(STAGES)} {stage.replace('_', ' ')}"
        if stage in done - {"incident_report"}:
            announce(f"{label}: done before")
            continue
        announce(label)
        _run_stage(investigation, stage, notebook, display if stage == "test_batches" else None)
        for line in summary(investigation.facts, stage):
            announce(f"    {line}")
    report = _see_to_the_report(investigation)
    facts = investigation.facts
    return Investigated(report, verdict(facts), facts)


def summary(facts: CaseFacts, stage: str) -> tuple[str, ...]:
    """What a stage found, in a line of counts and, once they are known, the first causes; or why it failed."""
    recorded = next((s for s in facts.stages if s.name == stage), None)
    if recorded is None or recorded.outcome != "done":
        return (f"failed: {recorded.error if recorded else 'it never began'}",)
    causes = _first_causes(facts.causes or ()) if stage == "failure_categories" else ()
    return (f"{_counts(facts, stage)} · {recorded.seconds:.1f} s", *causes)


def _first_causes(causes: tuple[Cause, ...], most: int = 5) -> tuple[str, ...]:
    lines = [f"{_extent(cause):>15}  {cause.title}" for cause in causes[:most]]
    return (*lines, f"{'and':>15}  {len(causes) - most} more") if len(causes) > most else tuple(lines)


def _extent(cause: Cause) -> str:
    if cause.waiting:
        return f"{cause.waiting:,} wait for"
    if cause.tests or not cause.uncollectable:
        return f"{cause.tests_blocked:,} tests"
    return f"{len(cause.uncollectable):,} files"


def _counts(facts: CaseFacts, stage: str) -> str:
    inventory, suite = facts.inventory, facts.suite
    if stage == "mapper_registry" and inventory:
        return (
            f"{len(inventory.mapped_classes)} mapped classes · {len(inventory.collisions)} collisions · "
            f"{len(inventory.findings)} findings"
        )
    if stage == "import_graph" and inventory:
        places = {(importer.module, importer.path, importer.line) for importer in inventory.importers}
        return f"{inventory.files} files · {len(places)} importers of {len({place[0] for place in places})} modules"
    if stage == "test_batches" and suite:
        counts = suite.accounting
        uncollectable = f" · {len(suite.collection_errors)} not collected" if suite.collection_errors else ""
        return f"{counts.collected:,} tests · {counts.passed:,} passed · {counts.bad:,} failing{uncollectable}"
    if stage == "failure_categories" and facts.grouping and facts.causes is not None:
        return f"{len(facts.grouping.groups)} groups · {len(facts.causes)} causes"
    return "done"


def _run_stage(investigation: Investigation, stage: str, notebook: str, display: Callable[[], Any] | None) -> None:
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
    try:
        if display:
            with display() as shown:
                watch(investigation.events, shown, until=lambda: not worker.is_alive())
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
