"""What a case is known to be: the facts of ``incident.json`` and of the store that rules are made from."""

from __future__ import annotations

import json
import sqlite3
import zlib
from functools import cached_property
from pathlib import Path
from typing import Any

from kit.facts.outcomes import BAD


class Known:
    """The facts of one case: ``incident`` is its JSON, ``store`` the database that has it."""

    def __init__(self, incident: dict[str, Any], store: Path) -> None:
        self.incident = incident
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
            self._connection = connection
            self.case = self._rows("SELECT fact FROM cases WHERE id = ?")[0]
            self.mapped = self._rows("SELECT fact FROM mapped_classes WHERE case_id = ? ORDER BY position")
            self.trials = self._rows("SELECT fact FROM trials WHERE case_id = ? ORDER BY position")
            self.groups = self._rows("SELECT fact FROM groups WHERE case_id = ? ORDER BY position")
            self.collisions = self._rows("SELECT fact FROM collisions WHERE case_id = ? ORDER BY position")
            self.reasons = connection.execute(
                "SELECT reason, count(*) FROM outcomes WHERE case_id = ? AND reason IS NOT NULL GROUP BY reason",
                (incident["case"]["id"],),
            ).fetchall()
            self.causes = self._rows("SELECT fact FROM causes WHERE case_id = ? ORDER BY position")
            heads = "SELECT fact FROM heads WHERE case_id = ? AND room = '{}'"
            inventory = self._rows(heads.format("inventory"))
            self.files = inventory[0]["files"] if inventory else 0
            self.neighbourhoods = inventory[0]["neighbourhoods"] if inventory else []

    def _rows(self, query: str) -> list[Any]:
        found = self._connection.execute(query, (self.incident["case"]["id"],))
        return [_fact(kept) for (kept,) in found]

    @property
    def accounting(self) -> dict[str, Any]:
        """Tests by outcome, with the number of collected ones."""
        return self.incident["accounting"] or {}

    @property
    def collected(self) -> int:
        """The number of collected tests."""
        return self.accounting.get("collected", 0)

    @property
    def failing(self) -> int:
        """The number of tests that fail."""
        return sum(self.accounting.get(one, 0) for one in BAD)

    @property
    def uncollectable(self) -> int:
        """The number of files that cannot be collected."""
        return len(self.accounting.get("uncollectable") or ())

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the causes, by their ids."""
        return {one["id"]: one["title"] for one in self.incident["causes"] or ()}

    @cached_property
    def kept(self) -> list[dict[str, Any]]:
        """The options that stayed applied, in their order."""
        options = {one["id"]: one for one in self.incident["options"] or ()}
        return [options[one["option"]] for one in self.incident["peeling"] or () if one["option"] in options]

    @property
    def paths(self) -> set[str]:
        """The files that the kept options change."""
        return {path for one in self.kept for path in one["files_changed"]}

    @property
    def lines(self) -> int:
        """Lines that come or go with the kept options."""
        return sum(one["lines_added"] + one["lines_removed"] for one in self.kept)

    @property
    def whole(self) -> dict[str, Any] | None:
        """The trial of every test with all fixes, as the store has it."""
        return next((one for one in self.trials[::-1] if one["measured"] == "full" and one["comparison"]), None)

    @property
    def then(self) -> dict[str, int]:
        """What all fixes together do, from the trial of every test, else from the last step."""
        if self.whole:
            found = self.whole["comparison"]
            new = found["newly_collected"]
            unmasked, broken = sum(found["unmasked"].values()), len(found["broken"])
            fails = sum(tests for outcome, tests in new.items() if outcome in (*BAD, "not_run"))
            return {
                "unlocked": len(found["unlocked"]),
                "kept": found["kept"],
                "unmasked": unmasked,
                "broken": broken,
                "still": found["still_failing"],
                "gone": len(found["gone"]),
                "new": sum(new.values()),
                "before": found["before"],
                "after": found["after"],
                "passed": self.whole["passed"],
                "failing": unmasked + found["still_failing"] + broken + fails,
            }
        last = (self.incident["peeling"] or [{}])[-1]
        if not last:
            return {}
        return {
            "unlocked": last["unlocked"],
            "unmasked": sum(last["unmasked"].values()),
            "broken": last["broken"],
            "new": last["newly_collected"],
            "after": last["collected"],
            "passed": last["passed"],
        }

    def left(self) -> list[tuple[int, str]]:
        """Tests by the cause that they show with all fixes."""
        found = self.whole["causes_left"] if self.whole else {}
        return [(tests, self.titles.get(one, one or "no named cause")) for one, tests in found.items()]


def _fact(kept: Any) -> Any:
    if isinstance(kept, bytes):
        kept = zlib.decompress(kept) if kept[:1] == b"x" else kept
    return json.loads(kept) if isinstance(kept, bytes | str) else kept
