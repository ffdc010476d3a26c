"""The functions that a test has executed, as the record of earlier runs has them."""

from __future__ import annotations

from kit.facts.target import Target
from kit.suite.select.keeping import load_record


def executed_functions(target: Target, nodeid: str) -> tuple[tuple[str, str], ...] | None:
    """File and name of each function of the target that ran in the last recorded run of a test, imports left out, in
    order; ``None`` where no run of it was recorded.
    """
    record = load_record(target)
    if record is None or nodeid not in record.tests:
        return None
    units = (record.units[number] for number in record.tests[nodeid][0])
    return tuple(sorted({(path, name) for path, name, _ in units if path and name}))
