"""Write the lines that a release of a library broke as that release wants them, where the table of breakages says how.

https://libcst.readthedocs.io/en/latest/codemods.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from libcst.metadata import MetadataWrapper, PositionProvider

from kit.causes import breakages
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.upgrades import ANY_FILE, Breakage
from kit.facts.wording import counted
from kit.fixes.options.shared.lines import NodesAt
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import clean, unused_imports
from kit.fixes.source.new_calls import rewritten
from kit.fixes.source.new_names import NewNames, Stands, renamed
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import parse

CAUSES = frozenset({"upgraded-library", "changed-result"})
KIND = "adapt-to-release"

#: by path and pattern of an edit: the lines that it concerns
_Lines = Mapping[str, Mapping[str, set[int]]]


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option with the edits of the cause's entry, wherever the source has such lines."""
    entry = next((one for one in breakages() if one.id == cause.id.partition(":")[2]), None)
    if entry is None or not entry.edits:
        return
    lines = _lines(entry, cause, scene)
    number = sum(len(set().union(*by_pattern.values())) for by_pattern in lines.values())
    title = f"Adapt {counted(number, 'line')} to {entry.library} {entry.first_bad}"
    try:
        changed = {path: adapted(scene.text(path), path, entry, found) for path, found in lines.items()}
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    after: dict[str, str | None] = {path: text for path, text in changed.items() if text != scene.text(path)}
    if after:
        losses = () if entry.both else (f"with {entry.library} {entry.last_good} the new code does not work",)
        url = entry.source if entry.source.startswith("https://") else ""
        proposal = Proposal(KIND, title, _WHY.format(entry.cause), after, losses=losses, documentation=url)
        yield option_of(cause, scene, proposal)


_WHY: Final = "With this release {}"


def _lines(entry: Breakage, cause: Cause, scene: FixScene) -> _Lines:
    """The lines of files that import the library, and those of the cause in others. A file is left to a reader where it
    also calls what an edit names, and another entry tells what takes the place of such a call.
    """
    found: dict[str, dict[str, set[int]]] = {}
    wanted = {pattern: (pattern,) for pattern in entry.edits}
    uses = scene.declarations.library_uses(wanted, dict.fromkeys(wanted, entry.imported))
    called = _calls_of_other_entries(entry)
    calls = scene.declarations.library_uses(called, dict.fromkeys(called, entry.imported))
    named = {(place.path, place.line) for place in cause.locations}
    others = scene.declarations.library_uses(wanted, dict.fromkeys(wanted, (ANY_FILE,)), {path for path, _ in named})
    for pattern in entry.edits:
        for place in (*uses.get(pattern, ()), *(at for at in others.get(pattern, ()) if (at.path, at.line) in named)):
            if place.path not in {call.path for call in calls.get(pattern, ())}:
                found.setdefault(place.path, {}).setdefault(pattern, set()).add(place.line)
    return found


def _calls_of_other_entries(entry: Breakage) -> dict[str, tuple[str]]:
    """By name that the entry edits: the call of it that another entry describes."""
    others = {use for one in breakages() if one.id != entry.id for use in one.uses}
    return {name: (f"{name}()",) for name in entry.edits if f"{name}()" in others}


def adapted(text: str, path: str, entry: Breakage, lines: Mapping[str, set[int]]) -> str:
    """The text with the edits of an entry on its lines; an entry edits names or calls, not both.

    Raises :class:`NotEditableError`.
    """
    names = {old: new for old, new in entry.edits.items() if _is_name(old)}
    before = MetadataWrapper(parse(text, path))
    if names:
        after = renamed(before.module, NewNames(names, lines), _stands(before))
    else:
        after = rewritten(before.module, entry.edits, lines, _stands(before))
    unused = {one.name for one in unused_imports(before.module)}  # others may import them from here
    return clean(after, before.module, unused).code


def _is_name(pattern: str) -> bool:
    return not pattern.endswith((")", "="))


def _stands(wrapper: MetadataWrapper) -> Stands:
    return NodesAt(wrapper.resolve(PositionProvider)).within
