"""The commands: each a thin call of what the notebooks call too.

Exit codes, by cause: 0 nothing found, 1 causes, failures or blocking findings found, 2 wrong use, 3 the target could
not be investigated at all, 4 kit itself failed, 5 interrupted. JSON goes to stdout alone, all else to stderr.
"""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
