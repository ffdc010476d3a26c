"""Which user kit runs for."""

from __future__ import annotations

import contextlib
import getpass
import os
from collections.abc import Iterator
from pathlib import Path

#: variables that name folders of the user outside of the home folder
_XDG = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


def user_key() -> str:
    """What tells this user from others on the machine."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


def is_own(status: os.stat_result) -> bool:
    """Whether a file with this status is the user's own. Where files have no owner's number, folders for temporary
    files are each user's own.
    """
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def homes() -> Iterator[Path]:
    """The user's own folders: the home folder by the environment and by the list of users, which ``~NAME`` reads, and
    those that variables put elsewhere.
    """
    with contextlib.suppress(RuntimeError, OSError):
        yield Path.home().resolve()
    with contextlib.suppress(RuntimeError, OSError, KeyError, ImportError):
        yield Path(f"~{getpass.getuser()}").expanduser().resolve()
    yield from (Path(os.environ[name]).resolve() for name in _XDG if os.environ.get(name))
