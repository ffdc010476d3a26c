"""What this system can do, and a switch with which kit does without it."""

from __future__ import annotations

import os

#: with this environment variable set to anything, kit works as on a system without POSIX: to try that on another one
SWITCH = "KIT_PORTABLE"

#: whether a child process can inherit descriptors by their numbers, and be a fork of its parent
CAN_INHERIT = os.name == "posix" and not os.environ.get(SWITCH)
