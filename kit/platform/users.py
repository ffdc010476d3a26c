"""Which user kit runs for."""

from __future__ import annotations

import getpass
import os


def user_key() -> str:
    """What tells this user from others on the machine."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


def is_own(status: os.stat_result) -> bool:
    """Whether a file with this status is the user's own. Where files have no owner's number, folders for temporary
    files are each user's own.
    """
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()
