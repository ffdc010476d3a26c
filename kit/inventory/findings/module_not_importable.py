"""Modules with mapped classes that cannot be imported in the target's own interpreter.

https://docs.python.org/3/reference/import.html
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kit.facts.inventory import Finding, ProbeError
from kit.facts.places import Location
from kit.inventory.findings.shared.view import View
from kit.inventory.mappers.from_runtime import TOO_LATE
from kit.inventory.source.roles import role_of

KIND = "module-not-importable"
#: what comes of importing the parties of a collision together, which only the probe does
_OF_A_COLLISION = re.compile(r"Table '(?:\w+\.)?(?P<table>\w+)' is already defined|^Multiple classes found for path")


def find(view: View) -> Iterator[Finding]:
    """One finding for all modules that fail with one error at one place. Test modules are pytest's to report, with
    what it sets up for them.
    """
    alike: dict[tuple[str, str, Location], list[str]] = defaultdict(list)
    for error in view.runtime.errors:
        path = view.names.modules.paths.get(error.module or "", "")
        if error.module and role_of(path) != "test" and not is_of_a_collision(error, view):
            place = error.location or Location(path, 1)
            alike[error.exception, error.message, place].append(error.module)
    for (exception, message, place), modules in alike.items():
        yield _finding(exception, message, place, modules)
    yield from _bare(view)


def _bare(view: View) -> Iterator[Finding]:
    """What fails only where the tests' conftest files were not imported before. It is a smell: the tests work."""
    for error in view.runtime.bare:
        path = view.names.modules.paths.get(error.module or "", "")
        place = error.location or Location(path, 1)
        yield Finding(
            only_running=True,
            id=f"{KIND}:{error.module}",
            kind=KIND,
            severity="smell",
            title=f"{error.module} can only be imported after the tests' conftest files",
            locations=(Location(place.path, place.line, "raised"),),
            evidence=(
                f"Without them: {error.exception}: {error.message}",
                "After them its import succeeds",
            ),
            details={"modules": [error.module or ""], "exception": error.exception, "message": error.message},
        )


def _finding(exception: str, message: str, place: Location, modules: Sequence[str]) -> Finding:
    others = f" and {len(modules) - 1} more" if len(modules) > 1 else ""
    is_late = exception == TOO_LATE
    ending = "was not imported in time" if is_late else f"cannot be imported: {exception.rpartition('.')[2]}"
    slow = ("It may hang, or only be slow: the imports before it count, too, and a busy machine takes longer",)
    return Finding(
        only_running=True,
        id=f"{KIND}:{modules[0]}",
        kind=KIND,
        severity="smell" if is_late else "blocks_now",
        title=f"{modules[0]}{others} {ending}",
        locations=(Location(place.path, place.line, "raised"),),
        evidence=(f"{exception}: {message}", *(slow if is_late else ())),
        details={"modules": list(modules), "exception": exception, "message": message},
    )


def is_of_a_collision(error: ProbeError, view: View) -> bool:
    """Whether the error is the work of a collision, whose finding tells it and says whether it blocks."""
    found = _OF_A_COLLISION.search(error.message)
    if found is None:
        return False
    tables = [mapper.fact.table for mapper in view.mappers if mapper.own_table]
    return found["table"] is None or tables.count(found["table"]) > 1
