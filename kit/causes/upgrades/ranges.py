"""Which breakages concern an environment, or an upgrade of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from kit.facts.upgrades import Breakage


def broken_by(breakages: Iterable[Breakage], installed: Mapping[str, str]) -> Iterator[Breakage]:
    """The breakages that the installed releases bring: of the library, and of those that it breaks together with."""
    for one in breakages:
        version = _version(installed.get(one.library, ""))
        if version and is_bad(one, version) and _stands_beside(one, installed):
            yield one


def ahead_of(
    breakages: Iterable[Breakage], installed: Mapping[str, str], wanted: Mapping[str, str] | None = None
) -> Iterator[Breakage]:
    """Those that an upgrade meets: of each installed library to a release that breaks, or to the ``wanted`` versions
    only (an empty one stands for any newer release).
    """
    for one in breakages:
        now = _version(installed.get(one.library, ""))
        then = _version(wanted.get(one.library, "")) if wanted else None
        if now is None or is_bad(one, now) or (wanted and one.library not in wanted):
            continue
        meets = is_bad(one, then) if then else now < Version(one.first_bad)
        known = {name: version for name, version in (wanted or {}).items() if version}
        if meets and _stands_beside(one, {**installed, **known}):
            yield one


def unmeasured_releases(newest: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each of the ``wanted`` versions that kit cannot judge: it knows nothing of the library, or
    nothing of so new a release (major and minor number). ``newest`` has the last release it knows something about.
    """
    for name, version in wanted.items():
        if name not in newest:
            yield f"The table has no entry about {name}: it cannot tell what {version or 'a newer release'} breaks."
        elif version and Version(version).release[:2] > Version(newest[name]).release[:2]:
            yield (
                f"The newest release of {name} that the table has an entry about is {newest[name]}: "
                f"it cannot tell what else {version} breaks, or whether there is such a release."
            )


def is_bad(breakage: Breakage, version: Version | str) -> bool:
    """Whether the old code does not work with a release."""
    now = _version(version) if isinstance(version, str) else version
    first, fixed = _version(breakage.first_bad), _version(breakage.fixed_in)
    return now is not None and first is not None and now >= first and (fixed is None or now < fixed)


def is_on_the_way(release: str, now: str, then: str) -> bool:
    """Whether an upgrade from a release to ``then`` (an empty one stands for any newer release) comes to this one."""
    here, start, end = (_version(one) for one in (release, now, then))
    return here is not None and start is not None and start < here and (end is None or here <= end)


def _stands_beside(breakage: Breakage, installed: Mapping[str, str]) -> bool:
    return all(
        name in installed and SpecifierSet(allowed).contains(installed[name], prereleases=True)
        for name, allowed in breakage.beside.items()
    )


@lru_cache(maxsize=1024)  # it takes long to read one, and each group of failures needs the same ones
def _version(text: str) -> Version | None:
    try:
        return Version(text) if text else None
    except InvalidVersion:
        return None
