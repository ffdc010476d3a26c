"""Runs a suite on the workers of a Dask cluster."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
