"""Starts a probe: ``python start.py NAME ARGUMENTS``, where ``NAME`` is that of a module below ``kit.probes``.

The probe is imported below a package of a name of its own, which is set up here from this file's place: neither kit's
folder nor its packages are on ``sys.path``, so the target finds there what it finds without kit, and may have a package
called ``kit``. Every Python that there is understands this file, 2.7 included.

``read:PATH`` and ``write:PATH`` among the arguments stand for descriptors of these files, where a process cannot
inherit descriptors (Windows).
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any  # noqa: F401 (in comments)

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = "kit_probe"


def load(name):
    # type: (str) -> Any
    """The module of a probe."""
    sys.path[:] = [path for path in sys.path if path != HERE]
    package = type(sys)(PACKAGE)
    package.__path__ = [os.path.dirname(HERE)]
    sys.modules[PACKAGE] = package
    module = "%s.probes.%s" % (PACKAGE, name)
    __import__(module)
    return sys.modules[module]


def opened(word):
    # type: (str) -> str
    """The number of the descriptor that an argument stands for; any other argument as it is."""
    way, _, path = word.partition(":")
    flags = {"read": os.O_RDONLY, "write": os.O_WRONLY}.get(way)
    return word if flags is None else str(os.open(path, flags | getattr(os, "O_BINARY", 0)))


if __name__ == "__main__":
    load(sys.argv[1]).main(*map(opened, sys.argv[2:]))
