"""A signal that makes this process write the stacks of its threads."""

from __future__ import annotations

import faulthandler
import signal

#: kit sends it; 0: there is none. Hardly any test has its own use for it.
STACK_SIGNAL = getattr(signal, "SIGRTMAX", getattr(signal, "SIGUSR1", 0))  # type: int


def write_stacks_to(descriptor: int) -> None:
    """Write them to ``descriptor`` whenever kit's signal comes, where there are such signals."""
    if STACK_SIGNAL:
        faulthandler.register(STACK_SIGNAL, file=descriptor, all_threads=True)
