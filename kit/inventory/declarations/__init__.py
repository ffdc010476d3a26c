"""Answers from the source that few cases need. Each is read from the files that it concerns, at the first question.

The one parse of every file stays as quick as it is without them.
"""

from kit.inventory.declarations.declarations import Declarations

__all__ = ["Declarations"]
