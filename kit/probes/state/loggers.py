"""The loggers of the process, as states that tests share.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import logging

from .names import LOGGING_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, List, Tuple


LOGGER_PARTS = ("level", "propagate", "disabled", "handlers", "filters")
NEW_LOGGER: Tuple[Any, ...] = (0, True, False, [], [])


class LoggerNode:
    """A logger of the process."""

    depth = 99

    def __init__(self, name: str) -> None:
        self.name = name
        self.path = "logging.getLogger(%r)" % name if name else "logging.getLogger()"

    def path_to(self, key: Any) -> str:
        return "%s.%s" % (self.path, key)

    def names(self, _key: Any) -> Tuple[str, ...]:
        return LOGGING_NAMES

    def restore(self, key: Any, before: Any) -> None:
        logger = logging.getLogger(self.name)
        if key in ("handlers", "filters"):
            getattr(logger, key)[:] = before
        elif key == "level":
            logger.setLevel(before)
        else:
            setattr(logger, key, before)


def loggers() -> List[Tuple[str, Any]]:
    """All loggers by name; ``""`` is the root's."""
    known = list(logging.root.manager.loggerDict.items())
    return [("", logging.root), *((name, one) for name, one in known if isinstance(one, logging.Logger))]


def state_of(logger: Any) -> Tuple[Any, ...]:
    handlers = [one for one in logger.handlers if not type(one).__module__.startswith("_pytest")]
    return logger.level, logger.propagate, logger.disabled, handlers, list(logger.filters)
