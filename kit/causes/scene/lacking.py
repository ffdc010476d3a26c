"""Failures for the lack of an attribute, joined by the places that explain it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kit.causes.scene.scene import saying
from kit.facts.failures import Group
from kit.facts.places import Location

_LACKS = re.compile(r"^'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'")


@dataclass(frozen=True)
class Lacking:
    """The groups that lack the attribute ``name``, first in an object of the class ``owner``."""

    owner: str
    name: str
    places: tuple[Location, ...]
    groups: list[Group]


def lacking(groups: Sequence[Group], places_of: Callable[[str, str], tuple[Location, ...]]) -> Iterator[Lacking]:
    """The groups with the same places, given those of a class and its attribute; groups without a place are left out.

    Classes that inherit from one have its places.
    """
    met: dict[tuple[str, tuple[Location, ...]], Lacking] = {}
    for group, found in saying(groups, _LACKS):
        owner, name = found["owner"], found["name"]
        if places := places_of(owner, name):
            met.setdefault((name, places), Lacking(owner, name, places, [])).groups.append(group)
    yield from met.values()
