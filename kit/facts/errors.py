"""Errors that are meant for the person at the keyboard: one clear sentence each."""

from __future__ import annotations


class KitError(Exception):
    """Base of kit's own errors. ``str(error)`` is one sentence: what is wrong, where, and what to do."""


class UsageError(KitError):
    """The command was used wrongly: a path that does not exist, a case name that is taken, …"""


class TargetError(KitError):
    """The target could not be investigated at all: not a Python project, no usable interpreter, …"""
