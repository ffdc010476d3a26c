"""A tree as one parcel of bytes, for machines that do not share a disk."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path


def pack(root: Path) -> bytes:
    """The folder ``root`` with all that is in it; modes and times are kept.

    A link into the tree is packed as a relative one, since the tree will stand elsewhere. What cannot be read is left
    out.
    """
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz", compresslevel=1) as archive:
        for folder, folders, files in os.walk(root):
            here = Path(folder)
            for name in sorted([*folders, *files]):
                _add(archive, here / name, root)
    return data.getvalue()


def unpack(parcel: bytes, to: Path) -> None:
    """Write what is in the parcel into the folder ``to``. Raises ``OSError`` when there is no room."""
    with tarfile.open(fileobj=io.BytesIO(parcel), mode="r:gz") as archive:
        archive.extractall(to, filter="fully_trusted")  # noqa: S202  it comes from kit, as all that runs here does


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
