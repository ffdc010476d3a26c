"""What ``Popen`` needs so that a process leads a group of its own: a Ctrl-C of the terminal is then for kit alone."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Any

#: on Windows a session is a process group, and ``start_new_session`` has no effect
OWN_GROUP: Mapping[str, Any] = (
    {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    if hasattr(subprocess, "CREATE_NEW_PROCESS_GROUP")
    else {"start_new_session": True}
)
