"""Which folder the reports go to."""

from __future__ import annotations

import os
from pathlib import Path

from kit.facts.errors import UsageError
from kit.facts.target import Target
from kit.masking import mask
from kit.target import private_folder


def reports_folder(reports_dir: str, target: Target | None = None) -> Path:
    """The folder that reports go to, made when it is missing.

    By default ``reports`` in the current folder (or beside it, when the current folder is the notebooks'), and beside
    the target when that would lie inside the target's tree, where nothing is ever written.

    Raises :class:`UsageError` when the requested folder is inside the target, or cannot be written.
    """
    folder = planned_folder(reports_dir, target.path if target else None)
    try:
        private_folder(folder)
        probe = folder / f".kit-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"The reports folder {folder} cannot be written ({error.strerror}). Give --reports-dir another one."
        ) from error
    return folder


def planned_folder(reports_dir: str, root: Path | None) -> Path:
    """The folder that reports of the target at ``root`` will go to; nothing is made. Raises :class:`UsageError` when
    the requested one is inside the target.
    """
    folder = named_reports_folder(reports_dir)
    if root is None or not folder.is_relative_to(root):
        return folder
    if reports_dir:
        raise UsageError(
            f"The reports folder {folder} lies inside the target, where nothing is written. "
            "Give --reports-dir a folder outside of it."
        )
    return root.parent / f"{root.name}-reports"


def no_case(folder: Path, name: str = "", reports_dir: str = "") -> str:
    """Say that ``folder`` has no case (of that ``name``), and where cases lie.

    ``reports_dir`` is the folder that the user named; without one kit has looked at others too.
    """
    asked = f'There is no case "{name}" in {folder}, nor any other' if name else f"There is no case in {folder} yet"
    if reports_dir:
        return f"{asked}; give --reports-dir the folder that holds the cases."
    return (
        f"{asked}, nor in a folder reports or NAME-reports beside the current folder or one above it. Cases lie in "
        "./reports of the folder that kit was called in, or beside the app where that was inside it: give "
        "--reports-dir their folder."
    )


def reports_words(reports: Path, reports_dir: str = "", store_url: str = "") -> list[str]:
    """The options that name the folder ``reports`` and the store, for a command that is typed in the same folder.

    ``reports_dir`` and ``store_url`` are what was given; a password in the URL is masked.
    """
    # inside the target, reports go beside it: a command that does not know the target needs the folder as an option
    folder = reports_dir or (str(reports) if reports != Path.cwd() / "reports" else "")
    return [*(["--reports-dir", folder] if folder else []), *(["--store-url", mask(store_url)] if store_url else [])]


def named_reports_folder(reports_dir: str) -> Path:
    """The requested folder, or the default one; it need not exist. Raises :class:`UsageError` for a file."""
    if not reports_dir:
        return _default_folder()
    folder = Path(reports_dir).expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is not a folder. Give --reports-dir the folder of the reports.")
    return folder


def _default_folder() -> Path:
    here = Path.cwd()
    if here.name == "notebooks" and (here.parent / "reports").is_dir():
        here = here.parent
    return here / "reports"
