"""What changed: cases compared by their causes, known and new ones, and the commit that brought a cause."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
