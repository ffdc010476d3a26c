"""Answers from the source that few cases need: each is read from the files that it concerns, when it is asked.

The one parse of every file stays as quick as it is without them.
"""

from kit.inventory.declarations.declarations import Declarations

__all__ = ["Declarations"]
