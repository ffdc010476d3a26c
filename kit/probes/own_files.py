"""Which files are the target's own: those below its root, without the environment that may lie there.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import sys

ENVIRONMENT = os.path.normcase(os.path.join(os.path.realpath(sys.prefix), ""))


def is_own(path: str, root: str) -> bool:
    """Whether an absolute path is one of the target's own files; ``root`` has no links in it."""
    inside, path = os.path.normcase(os.path.join(root, "")), os.path.normcase(path)
    return path.startswith(inside) and not (ENVIRONMENT.startswith(inside) and path.startswith(ENVIRONMENT))
