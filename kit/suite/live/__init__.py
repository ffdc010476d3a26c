"""Shows a run while it happens: in a terminal, in a notebook, as plain lines, or from another process."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
