"""The case as a document: one HTML page for people, and ``incident.json`` for machines."""

from kit.report.incident import build_incident
from kit.report.status import verdict
from kit.report.write import write_report

__all__ = ["build_incident", "verdict", "write_report"]
