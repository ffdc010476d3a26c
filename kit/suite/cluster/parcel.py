"""Packs a tree into an archive in memory, for machines that do not share a disk."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path


def pack(root: Path) -> bytes:
    """Pack the folder ``root`` with its content, file modes and times.

    A link into the tree becomes a relative link, since the tree will have another path. Unreadable files are left out.
    """
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz", compresslevel=1) as archive:
        for folder, folders, files in os.walk(root):
            here = Path(folder)
            for name in sorted([*folders, *files]):
                _add(archive, here / name, root)
    return data.getvalue()


def unpack(parcel: bytes, to: Path) -> None:
    """Unpack an archive into the folder ``to``. Raises ``OSError`` when there is no room."""
    with tarfile.open(fileobj=io.BytesIO(parcel), mode="r:gz") as archive:
        archive.extractall(to, filter="fully_trusted")  # noqa: S202  the archive comes from kit, like everything that runs here


def _add(archive: tarfile.TarFile, path: Path, root: Path) -> None:
    member = archive.gettarinfo(str(path), str(path.relative_to(root)))
    if member.issym() and Path(member.linkname).is_relative_to(root):
        member.linkname = os.path.relpath(member.linkname, path.parent)
    if not member.isreg():
        archive.addfile(member)
        return
    try:
        with path.open("rb") as file:
            archive.addfile(member, file)
    except PermissionError:
        return
