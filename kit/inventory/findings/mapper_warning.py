"""What SQLAlchemy warns of while the mapped classes are imported and configured.

Mostly a mistake that goes unnoticed: a column that a comma made a tuple of, two relationships that write one column, an
identity that two subclasses claim. https://docs.sqlalchemy.org/en/20/errors.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

from kit.facts.inventory import Finding, ProbeError
from kit.facts.places import Location
from kit.inventory.findings.shared.places import relationship_place
from kit.inventory.findings.shared.view import View

KIND = "mapper-warning"
_RELATIONSHIP = re.compile(r"'(?P<owner>\w+)\.(?P<name>\w+)'")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
#: the end of a message that says where to read on
_BACKGROUND = re.compile(r"\s*\(Background on .*\)\s*$", re.DOTALL)


def find(view: View) -> Iterator[Finding]:
    """One finding for each warning with a known place in the target. A smell: it makes nothing fail by itself."""
    told = set()
    for warning in view.runtime.warnings:
        text = _BACKGROUND.sub("", _ADDRESS.sub("", warning.message))
        places = tuple(dict.fromkeys(_places(warning, view)))
        identity = f"{KIND}:{places[0].path}:{crc32(text.encode()):08x}" if places else ""
        if identity and identity not in told:
            told.add(identity)
            yield _finding(identity, warning, text, places)


def _places(warning: ProbeError, view: View) -> Iterator[Location]:
    if warning.location:
        yield Location(warning.location.path, warning.location.line, "warned")
        return
    for match in _RELATIONSHIP.finditer(warning.message):
        for mapper in view.mappers:
            if mapper.fact.name == match["owner"] and mapper.runtime is not None:
                yield relationship_place(mapper, match["name"])


def _finding(identity: str, warning: ProbeError, text: str, places: tuple[Location, ...]) -> Finding:
    first = re.split(r"(?<=[.;]) ", text, maxsplit=1)[0].rstrip(".;")
    return Finding(
        only_running=True,
        id=identity,
        kind=KIND,
        severity="smell",
        title=f"SQLAlchemy warns: {first}",
        locations=places,
        evidence=(f"{warning.exception.rpartition('.')[2]}: {text}",),
        details={"category": warning.exception, "message": text},
    )
