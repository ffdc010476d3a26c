"""Threads of the target that go on after the file whose tests have started them: they may change anything later.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import threading

from .library_patches import home_of
from .names import ANY_NAME
from .watched import Watched

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Container, Tuple


#: bound before a test can replace it
ENUMERATE = threading.enumerate


def threads_of(own: Container[Any]) -> Watched:
    """The names of the threads that are alive and run a function of these modules."""

    def read() -> Tuple[str, ...]:
        return tuple(sorted(one.name for one in ENUMERATE() if home_of(work_of(one)) in own))

    return Watched("threads of the target", (ANY_NAME,), read, None)


def work_of(thread: Any) -> Any:
    """What a thread does: a function, or the thread itself if its class says it."""
    names = vars(thread)
    return names.get("_target") or names.get("function") or thread
