"""Those parts of ``incident.json`` that a command has something to say about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec

from kit.facts.case import Case, CaseFacts
from kit.facts.target import Target
from kit.masking import cleaned, escaped_json
from kit.report import build_incident

if TYPE_CHECKING:
    from kit.facts.inventory import InventoryFacts


def findings_json(facts: InventoryFacts) -> str:
    """``findings`` and ``collisions``."""
    nowhere = Case("", "", "", Target("", "", None, (), ()))
    parts = cleaned(_parts(CaseFacts(nowhere, inventory=facts), "findings", "collisions"))
    # json's own encoder: it takes half a surrogate, as in the name of a file
    return escaped_json(json.dumps(parts, indent=2, ensure_ascii=False))


def run_json(facts: CaseFacts) -> str:
    """``accounting``, ``run``, ``tests``, ``groups`` and ``categories``."""
    parts = _parts(facts, "accounting", "run", "tests", "groups", "categories")
    text = msgspec.json.format(msgspec.json.encode(parts), indent=2).decode()  # ten times as fast as json's
    return escaped_json(text) + "\n"


def _parts(facts: CaseFacts, *names: str) -> dict[str, Any]:
    incident = build_incident(facts)
    return {name: incident[name] for name in ("schema_version", *names)}
