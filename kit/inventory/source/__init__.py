"""Source facts: every file is parsed once into a record, and the records are cached."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
