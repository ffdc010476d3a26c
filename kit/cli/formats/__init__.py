"""Facts as text for other programs and for people: one module for each format, imported on first use."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kit.facts.case import CaseFacts
    from kit.facts.history import CaseComparison
    from kit.facts.inventory import InventoryFacts


def _from(module: str, name: str) -> Callable[[Any], str]:
    def form(facts: Any) -> str:
        text: str = getattr(import_module(module, __name__), name)(facts)
        return text

    return form


FINDING_FORMATS: dict[str, Callable[[InventoryFacts], str]] = {
    "text": _from(".findings", "findings_text"),
    "json": _from(".json_parts", "findings_json"),
    "sarif": _from(".sarif", "sarif"),
    "github": _from(".github", "github"),
    "codequality": _from(".codequality", "findings_quality"),
}
#: formats of findings that a CI server reads, with paths relative to the repository
CI_FORMATS = frozenset({"sarif", "github", "codequality"})
RUN_FORMATS: dict[str, Callable[[CaseFacts], str]] = {
    "text": _from(".text", "run_text"),
    "json": _from(".json_parts", "run_json"),
    "junit": _from(".junit", "junit"),
    "ctrf": _from(".ctrf", "ctrf"),
    "github": _from(".github", "github_case"),
    "codequality": _from(".codequality", "causes_quality"),
}
COMPARE_FORMATS: dict[str, Callable[[CaseComparison], str]] = {
    "text": _from(".comparison", "comparison_text"),
    "json": _from(".comparison", "comparison_json"),
    "markdown": _from(".comparison", "comparison_markdown"),
    "html": _from("kit.report", "comparison_page"),
}

__all__ = ["CI_FORMATS", "COMPARE_FORMATS", "FINDING_FORMATS", "RUN_FORMATS"]
