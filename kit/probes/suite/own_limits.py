"""The limits that the target itself gives its tests, by pytest-timeout's marks, options and settings.

Stdlib only, Python 3.8 to 3.14, pytest 6 to 9.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Optional


def usual_limit(config: Any, option: Any) -> Optional[float]:
    """The limit of a test without a mark, in seconds: of the ``option``, the environment, or the settings."""
    for value in (option, os.environ.get("PYTEST_TIMEOUT"), setting(config)):
        limit = seconds(value)
        if limit is not None:
            return limit
    return None


def marked_limits(items: List[Any]) -> Dict[str, float]:
    """The limits of the tests that are marked with one, by node id."""
    found: Dict[str, float] = {}
    for item in items:
        mark = item.get_closest_marker("timeout")
        if mark is not None:
            limit = seconds(mark.args[0] if mark.args else mark.kwargs.get("timeout"))
            if limit is not None:
                found[item.nodeid] = limit
    return found


def setting(config: Any) -> Any:
    try:
        return config.getini("timeout")
    except (ValueError, KeyError):
        return None  # the plugin is not installed


def seconds(value: Any) -> Optional[float]:
    """A limit as a number; ``None`` for what is not one, and for 0, which means none."""
    try:
        limit = float(value)
    except (TypeError, ValueError):
        return None
    return limit if 0 < limit < float("inf") else None
