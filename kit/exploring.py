"""The inventory as frames, without a case, a report or a store: for exploring in a notebook or a shell.

    from kit.exploring import Inventory, Target

    inventory = Inventory.of(Target.at("path/to/app"))
    inventory.findings()
    inventory.importers("app.users.models:User")

Nothing is written into the target, and none of its code runs in this process.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

import kit.facts.target
import kit.inventory
from kit import frames
from kit.facts.inventory import InventoryFacts
from kit.target import find_target

__all__ = ["Inventory", "Target"]


class Target:
    """Finds the target."""

    @staticmethod
    def at(
        path: str | Path = ".", *, python: str = "", tests: Sequence[str] = (), app: Sequence[str] = ()
    ) -> kit.facts.target.Target:
        """The target at ``path``, found as :func:`kit.target.find_target` finds it; raises the same errors."""
        return find_target(path, python=python, tests=tests, app=app)


class Inventory:
    """The mapped classes of a target, their collisions and their importers, as frames.

    Each method names the function that lists its columns.
    """

    def __init__(self, found: kit.inventory.Inventory) -> None:
        """Show what was ``found``."""
        self._found = found

    @classmethod
    def of(cls, target: kit.facts.target.Target, *, runtime: bool = True) -> Inventory:
        """Read the source and, with ``runtime``, query the mapper registries in the target's own interpreter.

        A probe that fails is a warning of :attr:`facts`.
        """
        return cls(kit.inventory.Inventory.of(target, runtime=runtime))

    @property
    def facts(self) -> InventoryFacts:
        """Everything, as facts."""
        return self._found.facts

    def mappers(self) -> pd.DataFrame:
        """See :func:`kit.frames.mapped_classes`."""
        return frames.mapped_classes(self.facts.mapped_classes)

    def collisions(self) -> pd.DataFrame:
        """See :func:`kit.frames.collisions`."""
        return frames.collisions(self.facts.collisions)

    def findings(self) -> pd.DataFrame:
        """See :func:`kit.frames.findings`."""
        return frames.findings(self.facts)

    def importers(self, spec: str) -> pd.DataFrame:
        """See :func:`kit.frames.importers`; of ``"module"`` or ``"module:name"``.

        Raises :class:`~kit.facts.errors.UsageError` when the target has no such module or name.
        """
        return frames.importers(self._found.importers(spec))

    def cycles(self) -> pd.DataFrame:
        """See :func:`kit.frames.cycles`."""
        return frames.cycles(self._found.cycles())

    def prediction(self) -> pd.DataFrame:
        """See :func:`kit.frames.prediction`."""
        return frames.prediction(self._found.prediction())
