"""Runs a suite again after each edit, only the tests that the edit concerns, without importing the libraries again."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
