"""A private copy of the target's tree. Everything of the target runs in one of these, never in the tree itself."""

from __future__ import annotations

import glob
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path, PurePosixPath

from kit.facts.target import Target
from kit.platform.temporary_folders import LOCK, PREFIX, held, new_folder, sweep_stale
from kit.platform.users import user_key
from kit.target.bytecode import give_back_bytecode
from kit.target.copying import TreeCopy
from kit.target.sandbox.plan import CHANGES, VARIABLE, Plan, Protection, ProtectionTrial, plan_for
from kit.target.sandbox.seen import as_seen, forget, protection_of, register
from kit.target.touched import watched

_TREE = "tree"
_PARCEL = "parcel"
TEMPORARY = "tmp"
_BYTECODE = "bytecode"

#: which protection of a tree works, for the next copy of it
_tried: dict[tuple[Path, str | None], Protection] = {}


@contextmanager
def scratch_copy(target: Target) -> Iterator[Path]:
    """A private copy of the target's tree (see :func:`copy_tree`), as the path of its root; it is gone afterwards.

    Raises :class:`TargetError` when there is no room for it.
    """
    with kept_copy(target) as copy:
        yield copy.root


@contextmanager
def kept_copy(target: Target, *, is_edited: bool = False) -> Iterator[TreeCopy]:
    """The same, as a copy that can be brought up to date with the tree.

    ``is_edited``: the user changes the tree meanwhile, so a change there is not reported. The root keeps its name,
    since tests and packages may depend on it. Raises :class:`TargetError` when there is no room for it.
    """
    with _held(_new_area(target)) as area:
        root = area / _TREE / (target.path.name or "root")
        copy = TreeCopy(target.path, root)
        root.mkdir()
        with _sandboxed(plan_for(target, root), copy):
            copy.sync()
        if is_usual_copy(target, root):
            give_back_bytecode(target, root)
        with nullcontext() if is_edited else watched(target, copy.outside, is_covered=protection_of(root).covers):
            try:
                yield copy
            finally:
                forget(root)


@contextmanager
def copy_of_parcel(name: str, unpack: Callable[[Path], None]) -> Iterator[TreeCopy]:
    """The same for a tree that arrives packed: ``unpack`` writes it into a folder called ``name``, which is beside the
    copy and is removed with it.
    """
    with _held(new_folder()) as area:
        source = area / _PARCEL / name
        source.mkdir(parents=True)
        unpack(source)
        yield _copied(source, area / _TREE / name)


@contextmanager
def _held(area: Path) -> Iterator[Path]:
    """A new area, which is removed at the end."""
    with held(area):
        for name in (TEMPORARY, _TREE, CHANGES):
            (area / name).mkdir()
        yield area


def find_protection(target: Target) -> Protection:
    """The best protection of the target's real tree that works on this machine; no copy is made."""
    with _held(new_folder()) as area:
        root = area / _TREE / (target.path.name or "root")
        root.mkdir()
        return ProtectionTrial(plan_for(target, root)).result()


@contextmanager
def _sandboxed(plan: Plan, copy: TreeCopy) -> Iterator[None]:
    """Try which protection works while the copy is made, and let the copy's processes run in that sandbox."""
    key = (plan.real, os.environ.get(VARIABLE))
    trial = None if key in _tried else ProtectionTrial(plan)
    yield
    if trial is not None:
        _tried[key] = trial.result()
    register(replace(plan, protection=_tried[key]).with_rest(copy.left_out, copy.outside))


def _copied(source: Path, root: Path) -> TreeCopy:
    copy = TreeCopy(source, root)
    copy.sync()
    return copy


def area_of(root: Path) -> Path | None:
    """The private folder around the scratch copy with this root; ``None`` for any other root."""
    area = root.parent.parent
    return area if area.name.startswith(PREFIX) and (area / LOCK).is_file() else None


def bytecode_beside(root: Path) -> Path:
    """Where bytecode goes that is made of the scratch copy with this root."""
    return root.parent.parent / _BYTECODE


def forget_bytecode(root: Path, paths: Iterable[str]) -> None:
    """Remove the bytecode of these files of the scratch copy. Python compares only the size and the second of the last
    change, and misses an edit that follows another within one second.
    """
    for path in map(PurePosixPath, paths):
        if path.suffix == ".py":
            folder = root / path.parent
            seen = Path(as_seen(str(folder), root))
            for compiled in (folder / "__pycache__", bytecode_beside(root) / seen.relative_to(seen.anchor)):
                for file in compiled.glob(f"{glob.escape(path.stem)}.*.pyc"):
                    file.unlink(missing_ok=True)


def is_usual_copy(target: Target, root: Path) -> bool:
    """Whether processes see this scratch copy at the usual path; bytecode depends on that path."""
    return protection_of(root).covers or root.parent.parent.name == _usual_name(target)


def _new_area(target: Target) -> Path:
    """A new area at its usual path if that is free, because bytecode contains the path of its source."""
    sweep_stale()
    try:
        return new_folder(Path(tempfile.gettempdir()).resolve() / _usual_name(target))
    except OSError:
        return new_folder()


def _usual_name(target: Target) -> str:
    key = f"{user_key()}:{target.path.resolve()}"
    return f"{PREFIX}{hashlib.sha256(key.encode()).hexdigest()[:16]}"
