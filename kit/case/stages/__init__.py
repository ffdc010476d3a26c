"""The stages of a case: they receive facts and return facts, and know neither the store nor the case."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
