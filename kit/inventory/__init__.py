"""What the target's source and its mapper registries say, before any test runs."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
