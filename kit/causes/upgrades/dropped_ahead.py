"""What an upgrade would take away from an app, as the source of the releases shows: modules, and names of modules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.version import Version

from kit.causes.upgrades.dropped_names import ReleaseStep, entry_of_name, known_libraries, steps_of
from kit.causes.upgrades.ranges import is_on_the_way
from kit.causes.upgrades.table import breakages
from kit.facts.places import Location
from kit.facts.spelling import distribution_name
from kit.facts.upgrades import Breakage


@dataclass(frozen=True)
class LostNames:
    """The names that an upgrade loses, by their dotted name: the library, and the step that drops it."""

    steps: Mapping[str, tuple[str, ReleaseStep]]

    @property
    def uses(self) -> dict[str, tuple[str, ...]]:
        """The patterns of the lines that use each of them."""
        return {name: (name, f"{name}.*") for name in self.steps}

    @property
    def modules(self) -> dict[str, tuple[str, ...]]:
        """The top-level module of each of them."""
        return {name: (name.partition(".")[0],) for name in self.steps}

    def met(
        self, uses: Mapping[str, Sequence[Location]], measured: Sequence[Breakage]
    ) -> Iterator[tuple[Breakage, tuple[Location, ...]]]:
        """An entry for each of them that the app uses, with its lines: those that no ``measured`` entry has already."""
        known = {(one.library, place.path, place.line) for one in measured for place in uses.get(one.id, ())}
        for name, (library, step) in self.steps.items():
            top = name.partition(".")[0]
            places = [one for one in uses.get(name, ()) if (library, one.path, one.line) not in known]
            places = [one for one in places if top not in one.path.split("/")[:-1]]  # a copy of the library itself
            if places:
                yield entry_of_name(library, step, name), tuple(places)


def lost_names(
    installed: Mapping[str, str], wanted: Mapping[str, str], own: Collection[str], known_for: Mapping[str, str]
) -> LostNames:
    """What is lost on the way from the ``installed`` releases to the ``wanted`` versions, as :func:`ahead_of` reads
    them. Top-level modules of the app itself (``own``) are not the library's, nor are those that another installed
    distribution is ``known_for``: they stay where they are.
    """
    found: dict[str, tuple[str, ReleaseStep]] = {}
    for library in known_libraries():
        if library in installed and (not wanted or library in wanted):
            for step in _ahead(library, installed[library], wanted.get(library, "")):
                for name in step.imported:
                    top = name.partition(".")[0]
                    other = distribution_name(known_for.get(top, library))
                    if top not in own and (other == library or other not in installed):
                        found.setdefault(name, (library, step))
    return LostNames(found)


def _ahead(library: str, now: str, then: str) -> Iterator[ReleaseStep]:
    yield from (step for step in steps_of(library) if is_on_the_way(step.first, now, then))


def newest_known() -> dict[str, str]:
    """By library: the newest release of which something is known, from the table or from its source."""
    told = [(one.library, one.first_bad) for one in breakages()]
    told += [(library, step.first) for library in known_libraries() for step in steps_of(library)[-1:]]
    found: dict[str, str] = {}
    for library, release in told:
        found[library] = max(found.get(library, release), release, key=Version)
    return found
