"""Fixes: options for a cause as patches, tried in a scratch copy, and what each unlocks, unmasks and breaks."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
