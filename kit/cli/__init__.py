"""The commands: each a thin call of what the notebooks call too.

``exit_codes`` has the exit codes. JSON goes to stdout alone, all else to stderr.
"""

from kit.facts.lazy import lazy_face

__getattr__, __dir__ = lazy_face(__name__)
