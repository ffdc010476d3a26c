"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines."""

from __future__ import annotations

import json
from typing import Any

import kit
from kit.facts.inventory import Finding, InventoryFacts
from kit.facts.places import Location
from kit.masking import cleaned, escaped_json

_LEVELS = {"blocks_now": "error", "blocks_when_both_imported": "error", "blocks_alone": "error", "smell": "warning"}


def sarif(facts: InventoryFacts) -> str:
    """One run, one rule a kind of finding, one result a finding; further places are its related locations."""
    kinds = sorted({finding.kind for finding in facts.findings})
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "kit", "version": kit.__version__, "rules": [{"id": kind} for kind in kinds]}
                },
                "results": [_result(finding) for finding in facts.findings],
            }
        ],
    }
    return escaped_json(json.dumps(cleaned(log), indent=2, ensure_ascii=False))


def _result(finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.kind,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.title},
        "partialFingerprints": {"findingId/v1": finding.id},
        "locations": [_location(location) for location in finding.locations[:1]],
    }
    if finding.locations[1:]:
        result["relatedLocations"] = [
            {"id": number, **_location(location)} for number, location in enumerate(finding.locations[1:], 1)
        ]
    return result


def _location(location: Location) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": location.path},
            "region": {"startLine": max(location.line, 1)},
        }
    }
