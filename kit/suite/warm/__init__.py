"""The loop of a person who mends: edit, run again what the edit concerns, without importing libraries again."""

from kit.suite.warm.affected import ImportersOf
from kit.suite.warm.warm_suite import WarmSuite

__all__ = ["ImportersOf", "WarmSuite"]
