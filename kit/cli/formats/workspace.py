"""Paths as a CI server wants them: relative to the repository that it has checked out, not to the target."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kit.facts.places import Location

if TYPE_CHECKING:
    from kit.facts.inventory import InventoryFacts

#: the variables in which GitHub and GitLab name the folder of the checked-out repository
_VARIABLES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def folder_in_workspace(root: str) -> str:
    """What leads from the checked-out repository to the target at ``root``, with a ``/`` at its end; empty where they
    are the same, or where no CI server names a repository that holds the target.
    """
    target = Path(root).resolve()
    for workspace in filter(None, map(os.environ.get, _VARIABLES)):
        repository = Path(workspace).resolve()
        if target != repository and target.is_relative_to(repository):
            return f"{target.relative_to(repository).as_posix()}/"
    return ""


def findings_in_workspace(facts: InventoryFacts, root: str) -> InventoryFacts:
    """The findings with their places relative to the checked-out repository."""
    folder = folder_in_workspace(root)
    if not folder:
        return facts
    moved = (replace(one, locations=in_folder(one.locations, folder)) for one in facts.findings)
    return replace(facts, findings=tuple(moved))


def in_folder(places: tuple[Location, ...], folder: str) -> tuple[Location, ...]:
    """The places with ``folder`` before their paths."""
    return tuple(replace(place, path=folder + place.path) for place in places)
