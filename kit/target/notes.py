"""What finding a target gathers on its way: why each thing was chosen, and what the user should be warned of."""

from __future__ import annotations

from dataclasses import dataclass, field

from kit.facts.target import Reason


@dataclass
class Notes:
    """Reasons and warnings in the order in which they came up."""

    reasons: list[Reason] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def because(self, what: str, value: object, why: str) -> None:
        """Add a line of ``--dry-run``."""
        self.reasons.append(Reason(what, str(value), why))

    def warn(self, sentence: str) -> None:
        """Add one sentence with the problem and what to do about it, unless it is there already."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
