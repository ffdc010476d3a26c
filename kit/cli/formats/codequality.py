"""Findings and causes as a code quality report of GitLab (https://docs.gitlab.com/ci/testing/code_quality/)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from kit import history
from kit.cli.formats.workspace import folder_in_workspace, in_folder
from kit.facts.case import CaseFacts
from kit.facts.inventory import InventoryFacts
from kit.facts.places import Location
from kit.masking import cleaned, escaped_json

#: stands where a cause has no place: the report takes nothing without one
_NOWHERE = Location("pyproject.toml", 1)


def findings_quality(facts: InventoryFacts) -> str:
    """One entry a finding. The fingerprint is made of its id, which has no line numbers."""
    return _told(
        _entry(one.title, one.kind, one.id, "minor" if one.severity == "smell" else "major", one.locations)
        for one in facts.findings
    )


def causes_quality(facts: CaseFacts) -> str:
    """One entry a cause, the more severe the more it stops. The fingerprint stays the same when lines move."""
    causes = facts.causes or ()
    marks = history.fingerprints(causes)
    folder = folder_in_workspace(facts.case.target.root)
    return _told(
        _entry(
            one.title,
            one.kind,
            marks[one.id],
            "critical" if one.tests or one.uncollectable else "major",
            in_folder(one.locations or (_NOWHERE,), folder),
        )
        for one in causes
    )


def _entry(title: str, kind: str, identity: str, severity: str, places: tuple[Location, ...]) -> dict[str, Any]:
    place = places[0] if places else _NOWHERE
    return {
        "description": title,
        "check_name": kind,
        "fingerprint": hashlib.sha256(identity.encode()).hexdigest(),
        "severity": severity,
        "location": {"path": place.path, "lines": {"begin": max(place.line, 1)}},
    }


def _told(entries: Iterable[dict[str, Any]]) -> str:
    return escaped_json(json.dumps(cleaned(list(entries)), indent=2, ensure_ascii=False)) + "\n"
