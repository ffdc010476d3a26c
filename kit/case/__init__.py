"""The investigation of one target: its stages one by one, as the notebooks and the commands call them."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
