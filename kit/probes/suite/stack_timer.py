"""Writes the stacks of all threads shortly before kit ends a test, where no signal can ask for them.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import faulthandler
import os

begin, cancel, empty = faulthandler.dump_traceback_later, faulthandler.cancel_dump_traceback_later, os.ftruncate


class StackTimer:
    """Watches one test at a time, from a thread that is none of Python's: a test that holds the interpreter is seen."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        self._descriptor, self._seconds = descriptor, seconds

    def begin(self) -> None:
        """A test begins: what was written of the one before is of no use any more."""
        empty(self._descriptor, 0)
        begin(self._seconds, file=self._descriptor)

    def end(self) -> None:
        """The test is over."""
        cancel()
