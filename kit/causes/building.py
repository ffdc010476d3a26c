"""Causes from the groups that they explain: counts and links are made in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kit.facts.causes import PATH, Cause, Evidence, NextStep, State
from kit.facts.failures import Group
from kit.facts.inventory import Finding
from kit.facts.places import Location
from kit.facts.wording import counted

#: the commands that read the source, and that run every test (an investigation looks at the running target too)
SCAN, RUN = ("kit", "scan", PATH), ("kit", "run", PATH)
_INVESTIGATE = ("kit", "investigate", PATH)

_LONGEST = 160


def cause_of(
    groups: Sequence[Group],
    *,
    id: str,  # noqa: A002  # the name of the field
    kind: str,
    title: str,
    state: State,
    locations: Iterable[Location],
    next_step: NextStep,
    evidence: Iterable[Evidence] = (),
) -> Cause:
    """A cause that blocks what these groups hold; the groups themselves are its last evidence."""
    return Cause(
        id=id,
        kind=kind,
        title=title,
        state=state,
        locations=each_line_once(locations),
        tests=tuple(nodeid for group in groups for nodeid in group.tests),
        first_hand=sum(group.first_hand for group in groups),
        uncollectable=tuple(path for group in groups for path in group.files),
        groups=tuple(group.id for group in groups),
        evidence=(*evidence, *(group_evidence(group) for group in groups)),
        next_step=next_step,
    )


def each_line_once(places: Iterable[Location]) -> tuple[Location, ...]:
    """The places, each line in the first of its roles and where that stands."""
    found: dict[tuple[str, int], Location] = {}
    for place in places:
        found.setdefault((place.path, place.line), place)
    return tuple(found.values())


def group_evidence(group: Group) -> Evidence:
    """What a group says, with its counts."""
    counts = [counted(group.count, "test")] if group.count else []
    if group.files:
        counts.append(counted(len(group.files), "file") + " that cannot be collected")
    return Evidence(f"{' and '.join(counts)}: {said(group, group.signature.message)}", anchor=f"#group-{group.id}")


def said(group: Group, message: str) -> str:
    """The type and a message on one line; the type is left out where the message starts with it."""
    exception = group.signature.exception
    return shortened(message if message.startswith(exception) else f"{exception}: {message}".removesuffix(": "))


def finding_evidence(finding: Finding) -> tuple[Evidence, ...]:
    """What the inventory found, with its own evidence."""
    anchor = f"#finding-{finding.id}"
    place = finding.locations[0] if finding.locations else None
    return (Evidence(finding.title, place, anchor), *(Evidence(text, anchor=anchor) for text in finding.evidence))


def then_check(advice: str, argv: tuple[str, ...]) -> NextStep:
    """What to do, and the command that shows afterwards whether the cause is gone."""
    return NextStep(f"{advice.rstrip('.')}.", argv)


def is_scanned(finding: Finding | None) -> bool:
    """Whether ``kit scan`` shows a finding."""
    return finding is not None and not finding.only_running


def check_command(groups: Sequence[Group], *, scanned: bool = False) -> tuple[str, ...]:
    """The command that shows whether a cause is gone: one of its tests; else the scan, where that shows it
    (``scanned``); else one of its files, or the whole suite where that file is a conftest.py, which has no tests of its
    own; else an investigation, as nothing but the running target shows it.
    """
    nodeids = [nodeid for group in groups for nodeid in group.sample_tests[:1]]
    if nodeids:
        return ("kit", "run", PATH, "--", nodeids[0])
    if scanned:
        return SCAN
    files = [path for group in groups for path in group.files]
    if not files:
        return _INVESTIGATE
    return RUN if files[0].rpartition("/")[2] == "conftest.py" else (*RUN, "--tests", files[0])


def shortened(text: str) -> str:
    """On one line, and not longer than a reader takes in."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def enumerated(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 2 else list(names))
