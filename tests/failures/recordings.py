"""Real failures, recorded once: what Python, pytest and the libraries of such apps said, with the category it is.

``recorded.jsonl`` holds one failure a line; ``frames`` are ``path:line:function:owner``, ``looks_like`` names the
categories that it could be taken for. The SQLAlchemy messages are of 1.4.54, 2.0.58 and 2.1.9; a text that is the same
in several versions stands once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.outcomes import Outcome
from kit.facts.suite import CollectionError, TestResult
from kit.failures.symptom import Symptom, symptom_of_collection_error, symptom_of_result


@dataclass(frozen=True)
class Recording:
    """A failure with its category, and the categories that it looks like and does not belong to."""

    category: str
    symptom: Symptom
    looks_like: tuple[str, ...]


@cache
def recordings() -> dict[str, Recording]:
    """The recordings by name."""
    lines = Path(__file__).with_name("recorded.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    return {
        entry["name"]: Recording(entry["category"], _symptom(entry), tuple(entry.get("looks_like", ())))
        for entry in entries
    }


def _symptom(entry: dict[str, Any]) -> Symptom:
    name = entry["name"]
    if "reason" in entry:
        return symptom_of_result(TestResult(name, name, "failed", "call", reason=entry["reason"]), None)
    failure = Failure(name, entry["phase"], tuple(_exception(part) for part in entry["chain"]))
    if entry["phase"] == "collect":
        return symptom_of_collection_error(CollectionError(name, failure))
    outcome: Outcome = "failed" if entry["phase"] == "call" else "error"
    return symptom_of_result(TestResult(name, name, outcome, entry["phase"], failure=name), failure)


def _exception(part: dict[str, Any]) -> ExceptionInfo:
    frames = tuple(_frame(text) for text in part.get("frames", ()))
    return ExceptionInfo(
        part["type"], part["module"], part["message"], len(part["message"]), frames, part.get("relation")
    )


def _frame(text: str) -> Frame:
    path, line, function, owner = text.rsplit(":", 3)
    return Frame(path, int(line), function, owner)  # type: ignore[arg-type]
