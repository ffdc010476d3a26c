"""What the warnings of a run say about the next releases: a notice of today is the failure after an upgrade."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from packaging.version import InvalidVersion, Version

from kit.causes.upgrades.table import breakages
from kit.causes.upgrades.wording import upgrade_advice
from kit.facts.places import Location
from kit.facts.spelling import distribution_name
from kit.facts.suite import TestWarning
from kit.facts.upgrades import Breakage, Environment, Forecast

#: a warning that names a release: "will be removed in Flask 3.2"; what "will be deprecated" there still works
_NAMED: Final = re.compile(
    r"(?<!be deprecated )\b(?:in|from|with|by|since) (?:version )?"
    r"(?P<name>[A-Za-z][\w-]*) [vV]?(?P<version>\d+(?:\.\d+)*)"
)
#: one that names the version alone: "Deprecated in Pydantic V2.0 to be removed in V3.0"
_VERSION: Final = re.compile(
    r"\b(?:removed|dropped|disabled|an error|raise) in (?:version )?[vV]?(?P<version>\d+(?:\.\d+)+)"
)
#: a category that names both: PytestRemovedIn10Warning, RemovedInMarshmallow4Warning, Pandas4Warning
_CATEGORY: Final = re.compile(r"(?:RemovedIn)?(?P<name>[A-Z][a-z]+)(?:RemovedIn)?(?P<version>\d+)Warning")
#: a longer text of a warning is cut, in characters
_LONGEST: Final = 160
#: a name, as texts write it: "requests" and "coverage" are words too
_WORD: Final = re.compile(r"\b[A-Z][\w-]+|\b\w+-[\w-]+")
#: a notice that something ends or changes: other warnings name releases too
_ENDING: Final = re.compile(r"deprecat|future|remov|drop|chang|no longer|not be|error|disab|support", re.IGNORECASE)


class _Release(NamedTuple):
    library: str
    version: str
    breakage: str = ""


def forecasts_of(warnings: Iterable[TestWarning], environment: Environment) -> tuple[Forecast, ...]:
    """One for each entry of the table that warnings match, and for each release that they name themselves; the most
    lines first.
    """
    found: dict[_Release, list[TestWarning]] = {}
    ahead = [one for one in breakages() if one.forewarns and _is_newer(one.first_bad, one.library, environment)]
    for warning in warnings:
        release = _release(warning, ahead, environment)
        if release:
            found.setdefault(release, []).append(warning)
    made = [_forecast(release, matched, environment) for release, matched in found.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.places), one.library, one.release, one.text)))


def _release(warning: TestWarning, ahead: Sequence[Breakage], environment: Environment) -> _Release | None:
    """The release that a warning is about."""
    said = f"{warning.category}: {warning.message}"
    for one in ahead:
        if re.search(one.forewarns, said):
            return _Release(one.library, one.first_bad, one.id)
    told = _told(warning, environment.installed)
    return next((one for one in told if _is_newer(one.version, one.library, environment)), None)


def _told(warning: TestWarning, installed: Mapping[str, str]) -> Iterator[_Release]:
    """The releases that a warning names itself, of what is installed."""
    if (found := _CATEGORY.fullmatch(warning.category)) and (name := found["name"].lower()) in installed:
        digits = found["version"]
        yield _Release(name, ".".join(digits) if name == "django" else f"{digits}.0")
    said = f"{warning.category} {warning.message}"
    for found in _NAMED.finditer(warning.message) if _ENDING.search(said) else ():
        if (name := distribution_name(found["name"])) in installed:
            yield _Release(name, found["version"])
    if found := _VERSION.search(warning.message):
        words = {distribution_name(word) for word in _WORD.findall(said)}
        named = sorted(words & installed.keys())
        if len(named) == 1:
            yield _Release(named[0], found["version"])


def _is_newer(version: str, library: str, environment: Environment) -> bool:
    try:
        return Version(environment.installed.get(library, "")) < Version(version)
    except InvalidVersion:
        return False


def _forecast(release: _Release, warnings: Sequence[TestWarning], environment: Environment) -> Forecast:
    first = max(warnings, key=lambda one: one.count)
    entry = next((one for one in breakages() if one.id == release.breakage), None)
    places = {Location(one.path, one.line, "warned") for one in warnings if one.path and one.line}
    return Forecast(
        library=release.library,
        installed=environment.installed[release.library],
        release=release.version,
        text=entry.cause if entry else textwrap.shorten(first.message, _LONGEST, placeholder="…"),
        advice=upgrade_advice(entry) if entry else "",
        breakage=release.breakage,
        places=tuple(sorted(places)),
        seen=sum(one.count for one in warnings),
    )
