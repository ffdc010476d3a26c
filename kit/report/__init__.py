"""The case as a document: one HTML page for people, and ``incident.json`` for machines."""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
