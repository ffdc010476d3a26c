"""A reader of facts that stand in no store, for answers that need no suite to run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from kit.case import Investigation
from kit.facts.case import CaseFacts
from kit.report import Joined
from kit.session.reader import CaseReader


class Recorded(CaseReader):
    """Reads these facts; ``investigation`` has only what is given."""

    def __init__(self, facts: CaseFacts, **investigation: Any) -> None:
        """``facts`` are all that is recorded of the case."""
        options = SimpleNamespace(store_url="")
        parts = {
            "case": facts.case,
            "reports": Path("reports"),
            "options": options,
            "target": facts.case.target,
            **investigation,
        }
        super().__init__(cast("Investigation", SimpleNamespace(**parts)))
        self._facts = Joined(facts)

    @property
    def joined(self) -> Joined:
        """The facts."""
        return self._facts
