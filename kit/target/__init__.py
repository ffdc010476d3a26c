"""What is investigated, and how its code is run without a trace."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
