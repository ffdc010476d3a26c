"""The target's test suite: collected, run in batches with live counts, every test accounted for."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
