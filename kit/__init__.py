"""kit: a Jupyter-based investigation kit for broken Python test suites."""

from kit.facts.lazy import lazy_face

__version__ = "0.2.0"

__getattr__, __dir__ = lazy_face(__name__)
