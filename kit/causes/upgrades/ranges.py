"""Which breakages concern an environment, or an upgrade of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from kit.facts.upgrades import Breakage


def broken_by(breakages: Iterable[Breakage], installed: Mapping[str, str]) -> Iterator[Breakage]:
    """Those whose library is installed in a release that breaks, beside what it takes for that."""
    for one in breakages:
        version = _version(installed.get(one.library, ""))
        if version and is_bad(one, version) and _stands_beside(one, installed):
            yield one


def ahead_of(
    breakages: Iterable[Breakage], installed: Mapping[str, str], wanted: Mapping[str, str] | None = None
) -> Iterator[Breakage]:
    """Those that an upgrade meets: of each installed library to a release that breaks, or to the ``wanted`` versions
    only.
    """
    for one in breakages:
        now = _version(installed.get(one.library, ""))
        then = _version(wanted.get(one.library, "")) if wanted else None
        if now is None or is_bad(one, now) or (wanted and then is None):
            continue
        meets = is_bad(one, then) if then else now < Version(one.first_bad)
        if meets and _stands_beside(one, {**installed, **(wanted or {})}):
            yield one


def is_bad(breakage: Breakage, version: Version | str) -> bool:
    """Whether the old code does not work with a release."""
    version = Version(version) if isinstance(version, str) else version
    fixed = Version(breakage.fixed_in) if breakage.fixed_in else None
    return version >= Version(breakage.first_bad) and (fixed is None or version < fixed)


def _stands_beside(breakage: Breakage, installed: Mapping[str, str]) -> bool:
    return all(
        name in installed and SpecifierSet(allowed).contains(installed[name], prereleases=True)
        for name, allowed in breakage.beside.items()
    )


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
