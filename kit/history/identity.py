"""Which causes of two cases are the same one.

The id of a cause is made of its kind and of what it is about, not of its tests. Where a line number is part of it, the
text of that line stands in for the number, so that an edit above it does not make another cause of it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence

from kit.facts.causes import Cause
from kit.facts.failures import Group

_LINE = re.compile(r"(?P<path>[^\s:+]+\.py):(?P<line>\d+)")

#: what ends a dotted name: it stays when its module moves
_NAME = re.compile(r"[.:/]")


def fingerprints(causes: Sequence[Cause]) -> dict[str, str]:
    """A short fingerprint for each cause, by its id: it stays the same while lines move."""
    seen: Counter[str] = Counter()
    found = {}
    for cause in causes:
        key = _with_text(cause)
        seen[key] += 1
        number = f"#{seen[key]}" if seen[key] > 1 else ""
        found[cause.id] = hashlib.sha256(f"{key}{number}".encode()).hexdigest()[:16]
    return found


def matched(
    before: Sequence[Cause], after: Sequence[Cause], groups: Mapping[str, Group] | None = None
) -> dict[str, Cause]:
    """By the id of a cause of ``after``: the cause of ``before`` that is the same one. Each has one partner at most.

    Compared are the ids, then the ids with the text of lines in place of their numbers, then without lines, then
    without the modules and files that something moved between. The first that fits exactly one on both sides decides:
    two causes taken for one would hide one of them. ``groups`` are those of both cases, by id.
    """
    pairs: dict[str, Cause] = {}
    keys: tuple[Callable[[Cause], Hashable], ...] = (
        lambda cause: cause.id,
        _with_text,
        _without_lines,
        lambda cause: _without_places(cause, groups or {}),
    )
    for key in keys:
        taken = {cause.id for cause in pairs.values()}
        left = _once([cause for cause in before if cause.id not in taken], key)
        for identity, cause in _once([cause for cause in after if cause.id not in pairs], key).items():
            if identity in left:
                pairs[cause.id] = left[identity]
    return pairs


def _once(causes: Sequence[Cause], key: Callable[[Cause], Hashable]) -> dict[Hashable, Cause]:
    """The causes by their key, without those that share it, and without those that have none."""
    keyed = [(key(cause), cause) for cause in causes]
    counts = Counter(identity for identity, _ in keyed)
    return {identity: cause for identity, cause in keyed if identity is not None and counts[identity] == 1}


def _with_text(cause: Cause) -> str:
    """The id with the text of each line that it names, in place of the number; the number where it is not known."""
    texts = {
        (excerpt.path, number): " ".join(line.split())
        for excerpt in cause.excerpts
        for number, line, _ in excerpt.numbered
    }

    def text(found: re.Match[str]) -> str:
        line = texts.get((found["path"], int(found["line"])))
        return f"{found['path']}:{line or found['line']}"

    return _LINE.sub(text, cause.id)


def _without_lines(cause: Cause) -> str | None:
    """The id without line numbers; ``None`` where it has none to leave out."""
    found = _LINE.sub(lambda match: match["path"], cause.id)
    return found if found != cause.id else None


def _without_places(cause: Cause, groups: Mapping[str, Group]) -> Hashable:
    """What is left of a cause when modules and files are renamed: the last part of each name in its id, or what its
    group's failures say and the function that they break off in. ``None`` where too little is left.
    """
    kind, _, about = cause.id.partition(":")
    own = [groups[group].signature for group in cause.groups if group in groups]
    if own and about in cause.groups:
        functions = [(one.exception, one.message, one.phase, (one.frame or "").rpartition(":")[2]) for one in own]
        return kind, tuple(sorted(functions)) if all(function for *_, function in functions) else None
    names = tuple(_last_parts(about))
    return (kind, *names) if all(names) and names else None


def has_finding(identity: str, findings: Collection[str], beside: Collection[str]) -> bool:
    """Whether a finding is one of ``findings``, by their ids, also where a module that it names has moved. ``beside``
    are those that it was found with: one that looks like two of them without its modules is not known again.
    """
    if identity in findings:
        return True
    key = _without_modules(identity)
    return all([*map(_without_modules, some)].count(key) == 1 for some in (findings, beside))


def _without_modules(identity: str) -> tuple[str, ...]:
    """The kind of a finding, and the last part of each name in its id."""
    kind, _, about = identity.partition(":")
    return kind, *_last_parts(about.replace(":", "|"))


def _last_parts(about: str) -> Iterator[str]:
    for name in re.split(r"[+|]", _LINE.sub(lambda match: match["path"], about)):
        yield _NAME.split(name.removesuffix(".py"))[-1]
