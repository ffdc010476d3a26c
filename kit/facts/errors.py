"""Errors that are meant for the person at the keyboard: one clear sentence each."""

from __future__ import annotations


class KitError(Exception):
    """Base of kit's own errors. ``str(error)`` is one sentence: what is wrong, where, and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows instead of a traceback: the sentence alone."""
        return [str(self)]


class UsageError(KitError):
    """The command was used wrongly: a path that does not exist, a case name that is taken, …"""


class StoreVersionError(UsageError):
    """The store was written by a kit of another store version."""


class TargetError(KitError):
    """The target could not be investigated at all: not a Python project, no usable interpreter, …"""


class StoreError(KitError):
    """The store has failed while a case was worked on. Nothing of the case is lost: its folder has its own record."""

    def __init__(self, store: str, reason: str) -> None:
        """``store`` is its URL without a password."""
        super().__init__(
            f"The store {store} has failed ({reason}); what was run is kept in the folder of the case, and "
            "kit store rebuild makes the store anew from that."
        )
