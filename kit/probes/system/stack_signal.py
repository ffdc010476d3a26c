"""A signal that makes this process write the stacks of its threads."""

from __future__ import annotations

import faulthandler

from ...wire.layout import STACK_SIGNAL


def write_stacks_to(descriptor: int) -> None:
    """Write them to ``descriptor`` whenever kit's signal comes, where there are such signals."""
    if STACK_SIGNAL:
        faulthandler.register(STACK_SIGNAL, file=descriptor, all_threads=True)
