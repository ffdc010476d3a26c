"""Causes: the inventory and the groups of failures, joined into a few named defects.

Deterministic and explainable: each cause carries the facts that led to it, and the same facts give the same causes.
"""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
