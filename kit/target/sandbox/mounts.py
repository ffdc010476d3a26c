"""What is mounted in a sandbox: the copy over the real tree, and overlays over what else must not change."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.facts.target import Target
from kit.platform.linux.mount_points import TOO_WIDE, aliases
from kit.platform.users import homes
from kit.target.folders import environment_of
from kit.target.repositories import find_repository

#: a tree may hold any number of environments: no more of what the copy leaves out is shown
_MOST_LEFT_OUT = 64


@dataclass(frozen=True)
class Mount:
    """``bind`` shows ``source`` at ``place``, ``readonly`` does not let it be written; ``overlay`` writes below
    ``source`` what is written at ``place``.
    """

    kind: Literal["bind", "overlay", "readonly"]
    source: Path
    place: Path


def mounts_for(target: Target, root: Path, changes: Path) -> tuple[Mount, ...]:
    """What to mount for the copy at ``root``, in that order; ``changes`` is the folder for what overlays take up."""
    real = target.path.resolve()
    own = _own(root)
    covers = list(_outermost(place for place in _protected(target) if _can_be_covered(place, own)))
    again = [place for place in own if any(place.is_relative_to(cover) for cover in covers)]
    return (
        *(Mount("overlay", changes, place) for place in covers),
        *(Mount("bind", place, place) for place in reversed(again)),
        *(Mount("bind", root, place) for place in (real, *aliases(real))),
    )


def left_out_mounts(real: Path, root: Path, left_out: Iterable[str], changes: Path) -> Iterator[Mount]:
    """Show what the copy leaves out, and what is written there is gone afterwards; the places are made in the copy."""
    for path in sorted(left_out)[:_MOST_LEFT_OUT]:
        place, made = real / path, root / path
        with contextlib.suppress(OSError):
            times = made.parent.stat()
            if place.is_dir():
                made.mkdir()
                yield Mount("overlay", changes, place)
            elif place.is_file():
                made.write_bytes(place.read_bytes())
            os.utime(made.parent, ns=(times.st_atime_ns, times.st_mtime_ns))


def outside_mounts(root: Path, outside: Iterable[str], covered: Iterable[Path], changes: Path) -> Iterator[Mount]:
    """Keep what links of the tree lead to from being written: of a folder, changes are gone afterwards."""
    own = _own(root)
    known = tuple(covered)
    for place in sorted({Path(path) for path in outside})[:_MOST_LEFT_OUT]:
        if any(place.is_relative_to(other) for other in known) or any(one.is_relative_to(place) for one in own):
            continue
        if place.is_file():
            yield Mount("readonly", place, place)
        elif _can_be_covered(place, own):
            yield Mount("overlay", changes, place)


def _own(root: Path) -> list[Path]:
    """kit's area, and where tests write."""
    return [root.parent.parent, Path(tempfile.gettempdir()).resolve()]


def _protected(target: Target) -> Iterator[Path]:
    """Folders outside the tree in which tests could change what is the user's."""
    real = target.path.resolve()
    yield from homes()
    repository = find_repository(real)
    if repository is not None:
        yield from (repository.top, *repository.folders)
    executable = target.interpreter.executable if target.interpreter else None
    prefix = environment_of(executable) if executable else None
    if prefix is not None:
        yield prefix.resolve()


def _can_be_covered(place: Path, own: list[Path]) -> bool:
    return str(place) not in TOO_WIDE and place.is_dir() and place not in own


def _outermost(places: Iterable[Path]) -> Iterator[Path]:
    """Without those that lie in others: an overlay over a folder covers them too."""
    found = sorted(set(places))
    return (place for place in found if not any(place != other and place.is_relative_to(other) for other in found))
