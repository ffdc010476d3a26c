"""Break a circle of imports: one import moves under ``TYPE_CHECKING``, into the functions that use it, or to the end.

https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.places import Location
from kit.fixes.options.shared.lines import statement_at
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import bound_names
from kit.fixes.source.moving import at_the_end, put_off, without_line
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.uses import Uses, uses_of

CAUSES = frozenset({"circular-import"})
KIND = "break-import-cycle"
_URL = "https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module"
#: of a longer circle only the last imports are tried; those in more functions go to the end of the module
_IMPORTS, _FUNCTIONS = 4, 5


@dataclass(frozen=True)
class _Moved:
    """A file's text with one import elsewhere, how in words, and what that loses."""

    how: str
    text: str
    loss: str = ""


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """For each import of the circle, the way to put it off that fits how its names are used, if there is one."""
    places = [place for place in dict.fromkeys(cause.locations) if place.role == "import"]
    circle = [place for place in places if not scene.is_test(place.path)][-_IMPORTS:]
    for number, place in enumerate(reversed(circle), start=1):
        kind = KIND if number == 1 else f"{KIND}-{number}"
        try:
            moved = _moved(scene, place)
        except NotEditableError as error:
            yield without_patch(cause, kind, f"Put off the import ({place})", error)
            continue
        if moved is not None:
            why = "The module that it asks for is complete by the time that this import runs"
            title = f"{moved.how} ({place})"
            losses = (moved.loss,) if moved.loss else ()
            after = {place.path: moved.text}
            yield option_of(cause, scene, Proposal(kind, title, why, after, losses, documentation=_URL))


def _moved(scene: FixScene, place: Location) -> _Moved | None:
    """The import at a place put off; ``None`` where the module uses its names while it is imported itself."""
    module, line = statement_at(scene.text(place.path), place.path, place.line)
    names = bound_names(line) if line is not None else frozenset[str]()
    if line is None or not names:
        return None
    uses = uses_of(module, names)
    if uses.while_imported:
        return None
    if uses == Uses() and not _is_handed_on(scene, place, names):
        text = without_line(module, line).code
        return _Moved(
            "Take the import out that nothing uses", text, "what the imported module does when it is imported"
        )
    if uses.in_lambdas or len(uses.functions) > _FUNCTIONS or not (uses.annotations or uses.functions):
        return (
            None
            if uses.annotations
            else _Moved("Move the import to the end of the module", at_the_end(module, line).code)
        )
    after = put_off(module, line, uses)
    return _Moved(_told(uses), after.code) if after is not None else None


def _is_handed_on(scene: FixScene, place: Location, names: Collection[str]) -> bool:
    """Whether other modules take one of these names from this one, or a package offers them."""
    if place.path.endswith("__init__.py"):
        return True
    stem = PurePosixPath(place.path).stem
    asking = re.compile(
        rf"from\s+[\w.]*\b{stem}\s+import\b[^\n]*(?:\([^)]*)?(?:\*|\b(?:{'|'.join(sorted(names))})\b)"
        rf"|\b{stem}\.(?:{'|'.join(sorted(names))})\b"
    )
    return any(asking.search(path.read_text(errors="replace")) for path in sorted(scene.root.rglob("*.py")))


def _told(uses: Uses) -> str:
    parts = ["under TYPE_CHECKING"] if uses.annotations else []
    names = [f"{one.name.value}()" for one in uses.functions]
    parts += [f"into {', '.join(names[:2])}{f' and {len(names) - 2} more' if len(names) > 2 else ''}"] if names else []
    return f"Move the import {' and '.join(parts)}"
