"""A case in a notebook: one line opens it, verbs hang on the things in it, each answers with one result."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
