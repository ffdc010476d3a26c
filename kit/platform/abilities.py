"""What this system can do, and a switch with which kit does without it."""

from __future__ import annotations

import os
import sys

#: with this environment variable set to anything, kit works as on a system without POSIX: to try that on another one
SWITCH = "KIT_PORTABLE"

#: whether a child process can inherit descriptors by their numbers, and be a fork of its parent
CAN_INHERIT = os.name == "posix" and not os.environ.get(SWITCH)

#: the system, as Python names it
SYSTEM = sys.platform

#: whether kit has Linux: its guard and its sandbox need that kernel, subreapers, namespaces, Landlock
IS_LINUX = sys.platform == "linux" and not os.environ.get(SWITCH)

#: whether notebooks' kernels can be reached by sockets that are files
HAS_SOCKET_FILES = os.name == "posix"
