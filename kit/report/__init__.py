"""The case as a document: one HTML page for people, and ``incident.json`` for machines."""

from kit.report.incident import build_incident
from kit.report.next_steps import next_step
from kit.report.status import verdict
from kit.report.wording import duration
from kit.report.write import write_report

__all__ = ["build_incident", "duration", "next_step", "verdict", "write_report"]
