"""Version specifiers, compared by the library that knows all of their rules. Importing it takes a while."""

from __future__ import annotations

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


def is_specifier(text: str) -> bool:
    """Whether a text restricts versions as the standard has it."""
    try:
        return len(SpecifierSet(text)) > 0
    except InvalidSpecifier:
        return False


def fulfils(version: str, specifier: str) -> bool:
    """Whether a version fulfils a specifier; what cannot be compared does."""
    try:
        return Version(version) in SpecifierSet(specifier, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True
