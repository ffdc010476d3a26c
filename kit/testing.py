"""A guard for the target's own tests: it fails when the source says that tests are blocked, and says where.

Paste this as ``tests/test_registry.py`` into a project whose environment has incident-kit:

    from pathlib import Path

    from kit.testing import assert_no_blocking_findings


    def test_nothing_in_the_source_blocks_the_tests():
        assert_no_blocking_findings(Path(__file__).parents[1])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kit.cli.exit_codes import blocking
from kit.cli.formats import FINDING_FORMATS
from kit.inventory import Inventory
from kit.target import find_target

__all__ = ["assert_no_blocking_findings"]


def assert_no_blocking_findings(root: str | Path = ".", *, python: str = "", app: Sequence[str] = ()) -> None:
    """Read the source below ``root``, as ``kit scan`` does, and raise :class:`AssertionError` with every finding that
    blocks tests and its places. Nothing of the project is run, and nothing is written into it.

    ``python`` is the project's interpreter and ``app`` are its import roots, where they are not found by themselves.
    Raises :class:`kit.facts.errors.KitError` for a root that cannot be looked at.
    """
    __tracebackhide__ = True
    facts = Inventory.of(find_target(str(root), python=python, app=app), runtime=False).facts
    if found := blocking(facts.findings):
        raise AssertionError(FINDING_FORMATS["text"](replace(facts, findings=found)))
