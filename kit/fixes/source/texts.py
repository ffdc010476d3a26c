"""The text of a source file that is to be edited."""

from __future__ import annotations

from pathlib import Path

from kit.facts.errors import KitError


class NotEditableError(KitError):
    """A file cannot be edited as a tree; the text says which and why, as a sentence without its final full stop."""


def read_text(root: Path, path: str) -> str:
    """The file's text with its own line ends. Raises :class:`NotEditableError` where it is not UTF-8 or not there."""
    try:
        return (root / path).read_bytes().decode()
    except UnicodeDecodeError:
        raise NotEditableError(f"{path} is not UTF-8, so no patch can be written for it") from None
    except OSError as error:
        raise NotEditableError(f"{path} cannot be read ({error.strerror})") from None
