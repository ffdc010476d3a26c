"""Failures: from recorded exceptions to groups and categories.

``group_failures(suite)`` unwraps each failure to its root, takes what varies out of its message, and groups what is
the same; ``rules()`` are the categories, in the order in which they are tried; ``load_categories(path)`` reads a
user's own, for ``group_failures(suite, categories=…)``.
"""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
