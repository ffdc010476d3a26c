"""The functions that end a process, or send it a signal that may.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import signal

#: Windows has no process groups
ENDING = (os._exit, os.abort, os.kill, getattr(os, "killpg", os.kill), signal.raise_signal)
