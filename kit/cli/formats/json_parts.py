"""Those parts of ``incident.json`` that a command has something to say about."""

from __future__ import annotations

import json

from kit.facts.case import Case, CaseFacts
from kit.facts.inventory import InventoryFacts
from kit.facts.target import Target
from kit.report import build_incident


def findings_json(facts: InventoryFacts) -> str:
    """``findings`` and ``collisions``."""
    nowhere = Case("", "", "", Target("", "", None, (), ()))
    return _parts(CaseFacts(nowhere, inventory=facts), "findings", "collisions")


def run_json(facts: CaseFacts) -> str:
    """``accounting``, ``run``, ``tests``, ``groups`` and ``categories``."""
    return _parts(facts, "accounting", "run", "tests", "groups", "categories") + "\n"


def _parts(facts: CaseFacts, *names: str) -> str:
    incident = build_incident(facts)
    return json.dumps({name: incident[name] for name in ("schema_version", *names)}, indent=2, ensure_ascii=False)
