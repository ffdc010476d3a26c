"""Makes a process look like ``python -m pytest``.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any


def pose_as_pytest() -> None:
    """Make ``sys`` look as it does in ``python -m pytest``; ``multiprocessing`` starts its processes from it.

    The options that kit gives are not to be seen: code of the app may parse ``sys.argv``.
    """
    spec: Any = importlib.util.find_spec("pytest.__main__")
    main = types.ModuleType("__main__")
    main.__spec__, main.__file__, main.__package__ = spec, spec.origin, "pytest"
    sys.argv[:] = [spec.origin]
    sys.modules["__main__"] = main


def leave_no_trace() -> None:
    """Make ``sys.path`` what it is in ``python -m pytest``, and our names free: the target may have such modules."""
    first = [] if getattr(sys.flags, "safe_path", False) else [os.getcwd()]
    if sys.path[: len(first)] != first:  # a forked process has it already
        sys.path[:] = first + sys.path
    for name in [name for name in sys.modules if name.partition(".")[0] == __name__.partition(".")[0]]:
        del sys.modules[name]
